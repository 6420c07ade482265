import { screen, waitFor } from "@testing-library/react";
import { axe } from "@/test/axe";
import { http, HttpResponse } from "msw";
import { Shell } from "@/components/features/Shell";
import { ShortcutsHelp } from "@/components/features/ShortcutsHelp";
import { UserMenu } from "@/components/features/UserMenu";
import { renderApp } from "@/test/render";
import { ada, problem, server, startServer } from "@/test/server";

const replace = jest.fn();
jest.mock("next/navigation", () => ({ useRouter: () => ({ replace }) }));

startServer();
beforeEach(() => replace.mockClear());

function renderShell() {
  return renderApp(
    <Shell menu={<UserMenu initialUser={ada} />} help={<ShortcutsHelp />}>
      <h1>Todos</h1>
    </Shell>,
  );
}

describe("the frame of every page", () => {
  it("reports a healthy server and its version", async () => {
    renderShell();
    expect(screen.getByTestId("health-status")).toHaveTextContent("Checking the server…");
    await waitFor(() =>
      expect(screen.getByTestId("health-status")).toHaveTextContent("All systems normal · v1.2.3"),
    );
  });

  it("reports an unreachable server", async () => {
    server.use(http.get("*/api/v1/health", () => HttpResponse.error()));
    renderShell();
    expect(await screen.findByText("Server unreachable")).toBeVisible();
  });

  it("repeats what a troubled server says", async () => {
    server.use(
      http.get("*/api/v1/health", () =>
        HttpResponse.json({
          status: "degraded",
          timestamp: "2026-01-02T03:04:05Z",
          version: "1.2.3",
          service: "backend",
        }),
      ),
    );
    renderShell();
    expect(await screen.findByText(/Server reports “degraded”/)).toBeVisible();
  });

  it.each(["{Enter}", "{ArrowDown}"])("opens a menu at its first item on %s", async (key) => {
    const { user } = renderShell();
    screen.getByTestId("theme-toggle").focus();
    await user.keyboard(key);
    expect(await screen.findByRole("menuitemradio", { name: "System" })).toHaveFocus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByTestId("theme-toggle")).toHaveFocus());
  });

  it("changes the theme now and for the next render", async () => {
    const { user } = renderShell();
    await user.click(screen.getByTestId("theme-toggle"));
    await user.click(await screen.findByRole("menuitemradio", { name: "Dark" }));
    expect(document.documentElement).toHaveAttribute("data-theme", "dark");
    expect(document.cookie).toContain("theme=dark");
    expect(screen.getByTestId("theme-toggle")).toHaveAccessibleName("Theme: Dark");
  });

  it("logs out and forgets everything about the person", async () => {
    server.use(http.post("*/api/v1/auth/logout", () => new HttpResponse(null, { status: 204 })));
    const { user, client } = renderShell();
    client.setQueryData(["todos"], { pages: [] });
    await user.click(screen.getByTestId("user-menu"));
    expect(await screen.findByText(ada.email)).toBeVisible();
    await user.click(screen.getByTestId("logout"));
    await waitFor(() => expect(replace).toHaveBeenCalledWith("/login"));
    expect(client.getQueryData(["todos"])).toBeUndefined();
  });

  it("stays signed in when logging out fails", async () => {
    server.use(http.post("*/api/v1/auth/logout", () => problem(503, "Down for a moment.")));
    const { user } = renderShell();
    await user.click(screen.getByTestId("user-menu"));
    await user.click(await screen.findByTestId("logout"));
    expect((await screen.findAllByText("Down for a moment."))[0]).toBeInTheDocument();
    expect(replace).not.toHaveBeenCalled();
  });

  it("explains its keys", async () => {
    const { user } = renderShell();
    await user.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.click(screen.getByRole("button", { name: /Shortcuts/ }));
    expect(await screen.findByRole("dialog")).toBeVisible();
  });

  it("has nothing that automated accessibility checks object to", async () => {
    const { container } = renderShell();
    await screen.findByText(/All systems normal/);
    expect(await axe(container)).toEqual([]);
  });
});
