import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { LoginForm } from "@/components/features/LoginForm";
import { RegisterForm } from "@/components/features/RegisterForm";
import { axe } from "@/test/axe";
import { renderApp } from "@/test/render";
import { ada, problem, server, startServer } from "@/test/server";

const replace = jest.fn();
jest.mock("next/navigation", () => ({ useRouter: () => ({ replace }) }));

startServer();
beforeEach(() => replace.mockClear());

describe("signing in", () => {
  it("asks for the cookie transport and goes home", async () => {
    let body: unknown;
    server.use(
      http.post("*/api/v1/auth/login", async ({ request }) => {
        body = await request.json();
        return HttpResponse.json({ user: ada });
      }),
    );
    const { user } = renderApp(<LoginForm />);
    await user.type(screen.getByLabelText("Email"), ada.email);
    await user.type(screen.getByLabelText("Password"), "secret-secret");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(replace).toHaveBeenCalledWith("/"));
    expect(body).toEqual({ email: ada.email, password: "secret-secret", transport: "cookie" });
  });

  it("says that the credentials are wrong, and stays", async () => {
    server.use(http.post("*/api/v1/auth/login", () => problem(401, "Wrong email or password.")));
    const { user, onSessionEnd } = renderApp(<LoginForm />);
    await user.type(screen.getByLabelText("Email"), ada.email);
    await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Wrong email or password.");
    expect(replace).not.toHaveBeenCalled();
    expect(onSessionEnd).not.toHaveBeenCalled();
    await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
  });

  it("says how long to wait after too many attempts", async () => {
    server.use(
      http.post("*/api/v1/auth/login", () =>
        HttpResponse.json({ status: 429 }, { status: 429, headers: { "Retry-After": "90" } }),
      ),
    );
    const { user } = renderApp(<LoginForm />);
    await user.type(screen.getByLabelText("Email"), ada.email);
    await user.type(screen.getByLabelText("Password"), "wrong{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Try again in 2 min.");
  });

  it("explains missing values without asking the server", async () => {
    const { user } = renderApp(<LoginForm />);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Enter your password")).toBeVisible();
    expect(screen.getByLabelText("Email")).toBeInvalid();
  });

  it("has nothing that automated accessibility checks object to", async () => {
    const { container, user } = renderApp(<LoginForm />);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await screen.findByText("Enter your password");
    expect(await axe(container)).toEqual([]);
  });

  it("shows and hides the password", async () => {
    const { user } = renderApp(<LoginForm />);
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "password");
    await user.click(screen.getByRole("button", { name: "Show password" }));
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "text");
    await user.click(screen.getByRole("button", { name: "Hide password" }));
    expect(screen.getByLabelText("Password")).toHaveAttribute("type", "password");
  });
});

describe("registering", () => {
  async function fill(user: ReturnType<typeof renderApp>["user"]) {
    await user.type(screen.getByLabelText("Email"), ada.email);
    await user.type(screen.getByLabelText("Password"), "secret-secret");
    await user.click(screen.getByRole("button", { name: "Create account" }));
  }

  it("creates the account, leaving an empty name out", async () => {
    let body: unknown;
    server.use(
      http.post("*/api/v1/auth/register", async ({ request }) => {
        body = await request.json();
        return HttpResponse.json({ user: ada }, { status: 201 });
      }),
    );
    const { user } = renderApp(<RegisterForm />);
    await fill(user);
    await waitFor(() => expect(replace).toHaveBeenCalledWith("/"));
    expect(body).not.toHaveProperty("name");
  });

  it("shows a taken address beside the address", async () => {
    server.use(http.post("*/api/v1/auth/register", () => problem(409, "Already registered.")));
    const { user } = renderApp(<RegisterForm />);
    await fill(user);
    expect(await screen.findByText("Already registered.")).toBeVisible();
    expect(screen.getByLabelText("Email")).toBeInvalid();
    await waitFor(() => expect(screen.getByLabelText("Email")).toHaveFocus());
  });

  it("shows the server's rules beside their fields", async () => {
    server.use(
      http.post("*/api/v1/auth/register", () =>
        problem(422, "Invalid", [{ field: "password", detail: "Too common" }]),
      ),
    );
    const { user } = renderApp(<RegisterForm />);
    await fill(user);
    expect(await screen.findByText("Too common")).toBeVisible();
  });
});
