import { act, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { LiveStatus } from "@/components/features/LiveStatus";
import { SessionList } from "@/components/features/SessionList";
import { UserMenu } from "@/components/features/UserMenu";
import "@/lib/live-todos";
import "@/services/account";
import "@/services/event-stream";
import { replace } from "@/test/navigation";
import { renderApp } from "@/test/render";
import { ada, server, startServer } from "@/test/server";
import { streamBackend } from "@/test/stream";

jest.mock("next/navigation", () => jest.requireActual("@/test/navigation"));

startServer();
beforeEach(() => replace.mockClear());

async function live(page = <UserMenu initialUser={ada} />) {
  const backend = streamBackend();
  const view = renderApp(
    <>
      {page}
      <LiveStatus />
    </>,
  );
  await waitFor(() => expect(screen.getByTestId("live-status")).toHaveTextContent("Live"));
  return {
    ...view,
    end: () => act(() => backend.latest().send("bye", { reason: "session_ended" })),
    backend,
  };
}

describe("a session that ends elsewhere", () => {
  it("takes its page to sign in, with the reason and nothing of what it had", async () => {
    const { client, end } = await live();
    client.setQueryData(["todos"], "private");
    end();
    await waitFor(() => expect(replace).toHaveBeenCalledWith("/login?ended=revoked"));
    expect(client.getQueryData(["todos"])).toBeUndefined();
    expect(screen.getByTestId("live-status")).toHaveAttribute("data-state", "ended");
  });

  it("needs no reason where it was asked for", async () => {
    const { user, end } = await live();
    let answer = () => {};
    server.use(
      http.post("*/api/v1/auth/logout", async () => {
        await new Promise<void>((resolve) => (answer = resolve));
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await user.click(screen.getByTestId("user-menu"));
    await user.click(await screen.findByTestId("logout"));
    end();
    await waitFor(() =>
      expect(screen.getByTestId("live-status")).toHaveAttribute("data-state", "ended"),
    );
    answer();
    await waitFor(() => expect(replace.mock.calls).toEqual([["/login"]]));
  });

  it("counts again once a page has come that the visitor is signed in for", async () => {
    const backend = streamBackend();
    function Pages() {
      const [visit, setVisit] = useState(1);
      return (
        <>
          <button onClick={() => setVisit(visit + 1)}>Go on</button>
          <LiveStatus key={visit} />
        </>
      );
    }
    const { user } = renderApp(<Pages />);
    for (const visit of [1, 2]) {
      await waitFor(() => expect(backend.connections).toHaveLength(visit));
      act(() => backend.latest().send("bye", { reason: "session_ended" }));
      await waitFor(() => expect(replace).toHaveBeenCalledTimes(visit));
      await user.click(screen.getByRole("button"));
    }
  });

  it("goes from the list of sessions at once", async () => {
    let count = 2;
    const session = (id: string) => ({
      id,
      created_at: "2026-01-02T03:04:05Z",
      last_used_at: "2026-01-02T03:04:05Z",
      user_agent: null,
      current: id === "0",
    });
    server.use(
      http.get("*/api/v1/auth/sessions", () =>
        HttpResponse.json(Array.from({ length: count }, (_, i) => session(String(i)))),
      ),
    );
    const { backend } = await live(<SessionList />);
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(2));
    count = 1;
    act(() => backend.latest().send("session.ended", { id: "1" }, 3));
    await waitFor(() => expect(screen.getAllByTestId("session")).toHaveLength(1));
    expect(replace).not.toHaveBeenCalled();
  });
});
