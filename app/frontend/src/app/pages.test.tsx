import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import ErrorPage from "@/app/error";
import GlobalError from "@/app/global-error";
import RootLayout from "@/app/layout";
import LoginPage from "@/app/login/page";
import NotFound from "@/app/not-found";
import HomePage from "@/app/page";
import RegisterPage from "@/app/register/page";
import { BrokenPage } from "@/components/features/BrokenPage";
import { logger } from "@/lib/logger";
import { renderToString } from "react-dom/server";
import { isSignedIn, loadHome } from "@/services/home";
import { renderApp } from "@/test/render";
import { ada, server, startServer, todo } from "@/test/server";

jest.mock("next/navigation", () => jest.requireActual("@/test/navigation"));

let theme: string | undefined;
jest.mock("next/headers", () => ({
  cookies: async () => ({ get: () => theme && { value: theme } }),
}));

jest.mock("@/services/home", () => ({ loadHome: jest.fn(), isSignedIn: jest.fn() }));
const home = jest.mocked(loadHome);

startServer();

const address = (searchParams = {}) => ({ searchParams: Promise.resolve(searchParams) });
const page = () => ({ items: [todo()], total: 1, next: null });

describe("home", () => {
  it("shows the todos of the first render", async () => {
    home.mockResolvedValue({ user: ada, todos: page() });
    renderApp(await HomePage(address()));
    expect(screen.getByText("Water the plants")).toBeVisible();
  });

  it("asks for what its address says", async () => {
    home.mockResolvedValue(null);
    const given = address({ q: " tea ", show: ["done"], sort: "no such order" });
    await expect(HomePage(given)).rejects.toThrow("redirected to /login");
    expect(home.mock.lastCall?.[1]).toEqual({ q: "tea", show: "done", sort: "newest" });
  });

  it("loads in the browser what the server could not", async () => {
    home.mockResolvedValue({});
    server.use(
      http.get("*/api/v1/auth/me", () => HttpResponse.json(ada)),
      http.get("*/api/v1/todos", () => HttpResponse.json([todo()])),
    );
    renderApp(await HomePage(address()));
    expect(await screen.findByText("Water the plants")).toBeVisible();
  });

  it("shows its outline while a slow backend is asked, and lets go of strangers then", async () => {
    jest.spyOn(global, "setTimeout").mockImplementationOnce((done) => (done(), 0) as never);
    home.mockReturnValue(new Promise(() => undefined));
    const { props } = await HomePage(address());
    renderApp(props.fallback);
    expect(screen.getByText("Loading your todos…")).toBeInTheDocument();
    const LateHome = props.children.type;
    await expect(LateHome({ loading: Promise.resolve(null) })).rejects.toThrow("to /login");
    renderApp(await LateHome({ loading: Promise.resolve({ user: ada, todos: page() }) }));
    expect(screen.getByText("Water the plants")).toBeVisible();
  });

  it("sends strangers to sign in", async () => {
    home.mockResolvedValue(null);
    await expect(HomePage(address())).rejects.toThrow("redirected to /login");
  });
});

describe("sign-in and registration", () => {
  it.each([
    ["Sign in", LoginPage],
    ["Create account", RegisterPage],
  ])("offer %s to strangers, and home to those signed in", async (label, Page) => {
    jest.mocked(isSignedIn).mockResolvedValue(false);
    renderApp(await Page(address()));
    expect(screen.getByRole("button", { name: label })).toBeEnabled();
    jest.mocked(isSignedIn).mockResolvedValue(true);
    await expect(Page(address())).rejects.toThrow("redirected to /");
  });
});

describe("the sign-in page", () => {
  it.each([
    ["revoked", "You have been signed out"],
    ["expired", "Your session has ended"],
  ])("says why it is there after a session that was %s", async (ended, words) => {
    jest.mocked(isSignedIn).mockResolvedValue(false);
    renderApp(await LoginPage(address({ ended })));
    expect(screen.getByTestId("auth-notice")).toHaveTextContent(words);
  });

  it.each(["toString", ["revoked", "expired"], undefined])(
    "makes no words of %j",
    async (ended) => {
      jest.mocked(isSignedIn).mockResolvedValue(false);
      renderApp(await LoginPage(address({ ended })));
      expect(screen.queryByTestId("auth-notice")).not.toBeInTheDocument();
    },
  );
});

describe("the layout", () => {
  it.each([
    [undefined, "system"],
    ["dark", "dark"],
    ["purple", "system"],
  ])("with the theme cookie %s renders the theme %s", async (cookie, expected) => {
    theme = cookie;
    const html = renderToString(await RootLayout({ children: "page" }));
    expect(html).toContain(`data-theme="${expected}"`);
    expect(html).toContain("Skip to content");
  });

  it("tells the browser what to log, and to trace only when spans have somewhere to go", async () => {
    jest.replaceProperty(process, "env", { ...process.env, LOG_LEVEL: "WARN" });
    expect(renderToString(await RootLayout({ children: "" }))).not.toContain("data-tracing");
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector.test:4318";
    const html = renderToString(await RootLayout({ children: "" }));
    expect(html).toContain('data-log-level="warn" data-tracing="on"');
    jest.restoreAllMocks();
  });
});

describe("pages for when things go wrong", () => {
  it("leads back from an unknown address", () => {
    renderApp(<NotFound />);
    expect(screen.getByRole("link", { name: "Go to your todos" })).toHaveAttribute("href", "/");
  });

  it("reports a broken page once, gives its reference and tries it again", async () => {
    const reported = jest.spyOn(logger, "error").mockReturnValue();
    const reset = jest.fn();
    const error = Object.assign(new Error("boom"), { digest: "d1" });
    const { user, rerender } = renderApp(<ErrorPage error={error} reset={reset} />);
    expect(screen.getByRole("heading", { name: "This page broke" })).toHaveFocus();
    expect(screen.getByText("Reference: d1")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(reset).toHaveBeenCalledTimes(1);
    rerender(<BrokenPage error={error} onRetry={reset} />);
    await waitFor(() => expect(reported).toHaveBeenCalledWith({ err: error }, "a page broke"));
    expect(reported).toHaveBeenCalledTimes(1);
  });

  it("has a document of its own for when the layout broke", () => {
    const html = renderToString(<GlobalError error={new Error("boom")} reset={jest.fn()} />);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain("This page broke");
  });
});
