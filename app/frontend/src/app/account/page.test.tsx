import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import AccountPage from "@/app/account/page";
import { PasswordForm } from "@/components/features/PasswordForm";
import { SessionList } from "@/components/features/SessionList";
import "@/schemas/account";
import { loadVisitor } from "@/services/home";
import type { OpenSession } from "@/services/types";
import { axe } from "@/test/axe";
import { renderApp } from "@/test/render";
import { ada, problem, server, startServer } from "@/test/server";
import { deviceName } from "@/utils/device-name";

jest.mock("next/navigation", () => jest.requireActual("@/test/navigation"));
jest.mock("next/headers", () => ({ cookies: async () => ({}) }));
jest.mock("@/services/home", () => ({ loadVisitor: jest.fn() }));

startServer();

const LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1";

function session(id: string, user_agent: string | null, current = false): OpenSession {
  const [created_at, last_used_at] = ["2026-01-02T03:04:05Z", "2026-01-03T03:04:05Z"];
  return { id, user_agent, current, created_at, last_used_at };
}

function backend() {
  const state = { sessions: [session("a", LAPTOP, true), session("b", PHONE), session("c", null)] };
  server.use(
    http.get("*/api/v1/auth/sessions", () => HttpResponse.json(state.sessions)),
    http.delete("*/api/v1/auth/sessions", () => {
      state.sessions = state.sessions.filter(({ current }) => current);
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete("*/api/v1/auth/sessions/:id", ({ params }) => {
      state.sessions = state.sessions.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return state;
}

describe("the sessions of an account", () => {
  it("are told apart, and this one cannot be ended here", async () => {
    backend();
    renderApp(<SessionList />);
    const [here, there, unknown] = await screen.findAllByTestId("session");
    expect(here).toHaveTextContent("Firefox · Linux");
    expect(here).toHaveTextContent("This device");
    expect(within(here!).queryByRole("button")).not.toBeInTheDocument();
    expect(there).toHaveTextContent("Safari · iPhone");
    expect(unknown).toHaveTextContent("Unknown device");
  });

  it("end one by one, or all others at once", async () => {
    const state = backend();
    const { user } = renderApp(<SessionList />);
    await user.click(await screen.findByRole("button", { name: "Sign out Safari · iPhone" }));
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(2));
    expect(screen.getByRole("heading", { name: "Where you are signed in" })).toHaveFocus();
    await user.click(screen.getByTestId("end-others"));
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(1));
    expect(state.sessions).toHaveLength(1);
    expect(screen.queryByTestId("end-others")).not.toBeInTheDocument();
  });

  it("that ended elsewhere meanwhile are no failure", async () => {
    const state = backend();
    const { user } = renderApp(<SessionList />);
    await screen.findAllByTestId("session");
    state.sessions.pop();
    server.use(http.delete("*/api/v1/auth/sessions/:id", () => problem(404, "No such session.")));
    await user.click(screen.getByRole("button", { name: "Sign out Unknown device" }));
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(2));
    expect(screen.queryByText("No such session.")).not.toBeInTheDocument();
  });

  it("can be asked for again", async () => {
    backend();
    server.use(
      http.get("*/api/v1/auth/sessions", () => problem(503, "Down for a moment."), { once: true }),
    );
    const { user } = renderApp(<SessionList />);
    expect(await screen.findByRole("alert")).toHaveTextContent("Down for a moment.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findAllByTestId("session")).toHaveLength(3);
  });
});

describe("changing the password", () => {
  async function fill(user: ReturnType<typeof renderApp>["user"]) {
    await user.type(screen.getByLabelText("Current password"), "old password");
    await user.type(screen.getByLabelText("New password"), "a new password");
    await user.click(screen.getByRole("button", { name: "Change password" }));
  }

  it("sends both, says so and forgets them", async () => {
    let body: unknown;
    server.use(
      http.post("*/api/v1/auth/password", async ({ request }) => {
        body = await request.json();
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = renderApp(<PasswordForm />);
    await fill(user);
    expect((await screen.findAllByText("Password changed"))[0]).toBeInTheDocument();
    expect(body).toEqual({ current_password: "old password", new_password: "a new password" });
    expect(screen.getByLabelText("Current password")).toHaveValue("");
  });

  it("shows a wrong current password beside it", async () => {
    server.use(
      http.post("*/api/v1/auth/password", () =>
        problem(422, "Invalid", [
          { field: "current_password", detail: "This is not your password" },
        ]),
      ),
    );
    const { user } = renderApp(<PasswordForm />);
    await fill(user);
    expect(await screen.findByText("This is not your password")).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText("Current password")).toHaveFocus());
  });
});

describe("the account page", () => {
  it("has nothing that automated accessibility checks object to", async () => {
    backend();
    jest.mocked(loadVisitor).mockResolvedValue({ user: ada });
    const { container } = renderApp(await AccountPage());
    await screen.findAllByTestId("session");
    expect(screen.getByText(ada.email)).toBeVisible();
    expect(await axe(container)).toEqual([]);
  });

  it("sends strangers to sign in", async () => {
    jest.mocked(loadVisitor).mockResolvedValue(null);
    await expect(AccountPage()).rejects.toThrow("redirected to /login");
  });
});

it.each([
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Chrome · Windows",
  ],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537.36", "Chrome · Linux"],
  ["curl/8.5.0", "curl"],
  ["", undefined],
  [null, undefined],
])("a program that calls itself %j is %s", (userAgent, expected) => {
  expect(deviceName(userAgent)).toBe(expected);
});
