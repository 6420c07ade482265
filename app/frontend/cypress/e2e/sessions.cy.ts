import { api } from "../support/api";
import { openSecondWindow } from "../support/second-window";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

// What runs in the second window's page.
const isLive = () =>
  document.querySelector('[data-testid="live-status"]')?.getAttribute("data-state") === "live";
const notice = (text: string) =>
  Boolean(document.querySelector('[data-testid="auth-notice"]')?.textContent?.includes(text));

describe("sessions that another device ends", () => {
  const password = "a long enough password";
  const reason = "this session was ended in another window";

  it("sign their windows out at once, and say why", () => {
    const email = `sessions-${Date.now()}@example.com`;
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type(password);
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    byTestId("live-status").should("have.attr", "data-state", "live");
    const second = openSecondWindow("/account");
    second.until(isLive, null);

    cy.request("POST", "/api/v1/auth/login", { email, password }).then(({ body }) => {
      const headers = { authorization: `Bearer ${body.access_token}` };
      cy.request({ method: "DELETE", url: "/api/v1/auth/sessions", headers });
    });

    byTestId("auth-notice").should("contain.text", reason);
    cy.location("pathname").should("eq", "/login");
    second.until(notice, reason);
    second.close();

    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type(password);
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    byTestId("live-status").should("have.attr", "data-state", "live");
  });

  it("leave their windows in the session that another one has begun meanwhile", () => {
    const email = `again-${Date.now()}@example.com`;
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type(password);
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    byTestId("live-status").should("have.attr", "data-state", "live");

    // All windows have the same cookies: these are the page's own from now on.
    cy.intercept("/login*").as("login");
    api("POST", "/auth/login", { email, password, transport: "cookie" });
    api("DELETE", "/auth/sessions");
    cy.wait("@login");

    // Where it is sent on to the todos, it follows them as before.
    byTestId("live-status").should("have.attr", "data-state", "live");
    cy.location("pathname").should("eq", "/");
    api("POST", "/todos", { title: "Elsewhere" });
    cy.contains('[data-testid="todo-title"]', "Elsewhere").should("be.visible");
    // And what ends this session counts again.
    api("POST", "/auth/logout");
    cy.wait("@login");
    byTestId("auth-notice").should("be.visible");
    cy.location("pathname").should("eq", "/login");
  });
});
