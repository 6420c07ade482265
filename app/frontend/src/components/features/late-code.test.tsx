import { QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { ConnectionNotice } from "@/components/features/ConnectionNotice";
import { LiveStatus } from "@/components/features/LiveStatus";
import { ShortcutsHelp } from "@/components/features/ShortcutsHelp";
import { TodoList } from "@/components/features/TodoList";
import { Menu } from "@/components/ui/menu";
import { ToastProvider, useToast } from "@/components/ui/toast";
import { connection } from "@/lib/connection";
import { createQueryClient } from "@/lib/query-client";
import { server, startServer, todo, todoHandlers } from "@/test/server";
import { streamBackend } from "@/test/stream";
// Jest takes longer to compile them than a test waits.
import "@/components/features/TodoEditor";
import "@/components/ui/dialog";
import "@/components/ui/menu-parts";
import "@/components/ui/toast-view";
import "@/lib/live-todos";
import "@/services/api";
import "@/services/event-stream";

jest.mock("next/navigation", () => jest.requireActual("@/test/navigation"));

/** Whether a network is there that brings a page's late code. */
let mockIsThere = false;

/** A module that an `import()` gets or does not, each time anew. */
function mockLate(path: string): object {
  const code = jest.requireActual<object>(path);
  return {
    __esModule: true,
    then: (resolve: (code: object) => void, reject: (error: Error) => void) =>
      mockIsThere ? resolve({ ...code }) : reject(new Error(`Failed to load chunk of ${path}`)),
  };
}

jest.mock("@/components/features/TodoEditor", () => mockLate("@/components/features/TodoEditor"));
jest.mock("@/components/ui/dialog", () => mockLate("@/components/ui/dialog"));
jest.mock("@/components/ui/menu-parts", () => mockLate("@/components/ui/menu-parts"));
jest.mock("@/components/ui/toast-view", () => mockLate("@/components/ui/toast-view"));
jest.mock("@/services/event-stream", () => mockLate("@/services/event-stream"));

startServer();
beforeEach(() => void (mockIsThere = false));
afterEach(() => act(() => connection.note(true)));

function setup(page: React.ReactNode) {
  render(
    <QueryClientProvider client={createQueryClient(() => undefined)}>
      <ToastProvider>
        <ConnectionNotice />
        {page}
      </ToastProvider>
    </QueryClientProvider>,
  );
  fireEvent.pointerMove(window);
  return userEvent.setup();
}

function networkComes() {
  mockIsThere = true;
  act(() => void window.dispatchEvent(new Event("online")));
}

const UNREACHABLE = /^The server cannot be reached/;

it("follows the stream once the network has brought its code, and until then says that it is lost", async () => {
  const backend = streamBackend();
  setup(<LiveStatus />);
  expect(await screen.findByText(/Reconnecting/)).toBeVisible();
  expect(backend.connections).toHaveLength(0);
  networkComes();
  expect(await screen.findByText(/Live/)).toBeVisible();
});

it("counts a page that the browser knows to be offline as that", async () => {
  const online = jest.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  setup(<LiveStatus />);
  await waitFor(() =>
    expect(screen.getByTestId("live-status")).toHaveAttribute("data-state", "offline"),
  );
  online.mockRestore();
});

it("shows a toast once the network has brought its view, without another toast", async () => {
  function Saver() {
    const toasts = useToast();
    return <button onClick={() => toasts.add({ title: "Not saved." })}>Save</button>;
  }
  const user = setup(<Saver />);
  await user.click(screen.getByRole("button", { name: "Save" }));
  // Time for the page to come to rest, and for what it loads then to fail.
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(screen.queryByText("Not saved.")).not.toBeInTheDocument();
  networkComes();
  expect((await screen.findAllByText("Not saved."))[0]).toBeInTheDocument();
});

it.each<[string, (user: ReturnType<typeof userEvent.setup>) => Promise<void>]>([
  ["the button", (user) => user.click(screen.getByTestId("add-todo"))],
  ["its key", (user) => user.keyboard("n")],
  ["Edit", (user) => user.click(screen.getByTestId("edit-todo"))],
])("says that a form cannot be had, and opens it when asked again: %s", async (_by, ask) => {
  server.use(...todoHandlers([todo()]).handlers);
  const user = setup(<TodoList />);
  await screen.findByTestId("todo-item");
  await ask(user);
  expect(await screen.findByText(UNREACHABLE)).toBeVisible();
  networkComes();
  // What comes now comes between no one and what they do meanwhile.
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(screen.queryByTestId("todo-form")).not.toBeInTheDocument();
  await ask(user);
  expect(await screen.findByTestId("todo-form")).toBeVisible();
});

it("says that the keys' help cannot be had, and opens it when asked again", async () => {
  const user = setup(<ShortcutsHelp />);
  await user.keyboard("?");
  expect(await screen.findByText(UNREACHABLE)).toBeVisible();
  networkComes();
  await user.keyboard("?");
  expect(await screen.findByRole("dialog")).toBeVisible();
});

it("says that a menu cannot be had when it is asked for, not when someone comes near", async () => {
  const user = setup(
    <Menu trigger={<button>More</button>}>{({ MenuItem }) => <MenuItem>Sign out</MenuItem>}</Menu>,
  );
  await user.hover(screen.getByRole("button"));
  expect(screen.queryByText(UNREACHABLE)).not.toBeInTheDocument();
  await user.click(screen.getByRole("button"));
  expect(await screen.findByText(UNREACHABLE)).toBeVisible();
  networkComes();
  await user.click(screen.getByRole("button"));
  expect(await screen.findByRole("menuitem")).toBeVisible();
});
