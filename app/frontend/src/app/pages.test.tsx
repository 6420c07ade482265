import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import ErrorPage from "@/app/error";
import RootLayout from "@/app/layout";
import LoginPage from "@/app/login/page";
import NotFound from "@/app/not-found";
import HomePage from "@/app/page";
import RegisterPage from "@/app/register/page";
import { renderToString } from "react-dom/server";
import { isSignedIn, loadHome } from "@/services/home";
import { renderApp } from "@/test/render";
import { ada, server, startServer, todo } from "@/test/server";

const replace = jest.fn();
const redirect = jest.fn((path: string) => {
  throw new Error(`redirected to ${path}`);
});
jest.mock("next/navigation", () => ({
  useRouter: () => ({ replace }),
  redirect: (path: string) => redirect(path),
}));

let theme: string | undefined;
jest.mock("next/headers", () => ({
  cookies: async () => ({ get: () => theme && { value: theme } }),
}));

jest.mock("@/services/home", () => ({ loadHome: jest.fn(), isSignedIn: jest.fn() }));
const home = jest.mocked(loadHome);

startServer();

describe("home", () => {
  it("shows the todos of the first render", async () => {
    home.mockResolvedValue({ user: ada, todos: { items: [todo()], total: 1 } });
    renderApp(await HomePage());
    expect(screen.getByText("Water the plants")).toBeVisible();
  });

  it("loads in the browser what the server could not", async () => {
    home.mockResolvedValue({});
    server.use(
      http.get("*/api/v1/auth/me", () => HttpResponse.json(ada)),
      http.get("*/api/v1/todos", () => HttpResponse.json([todo()])),
    );
    renderApp(await HomePage());
    expect(await screen.findByText("Water the plants")).toBeVisible();
  });

  it("sends strangers to sign in", async () => {
    home.mockResolvedValue(null);
    await expect(HomePage()).rejects.toThrow("redirected to /login");
  });
});

describe("sign-in and registration", () => {
  it.each([
    ["Sign in", LoginPage],
    ["Create account", RegisterPage],
  ])("offer %s to strangers, and home to those signed in", async (label, Page) => {
    jest.mocked(isSignedIn).mockResolvedValue(false);
    renderApp(await Page());
    expect(screen.getByRole("button", { name: label })).toBeEnabled();
    jest.mocked(isSignedIn).mockResolvedValue(true);
    await expect(Page()).rejects.toThrow("redirected to /");
  });
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
});

describe("pages for when things go wrong", () => {
  it("leads back from an unknown address", () => {
    renderApp(<NotFound />);
    expect(screen.getByRole("link", { name: "Go to your todos" })).toHaveAttribute("href", "/");
  });

  it("tries a broken page again", async () => {
    const reset = jest.fn();
    const { user } = renderApp(<ErrorPage reset={reset} />);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(reset).toHaveBeenCalledTimes(1);
  });
});
