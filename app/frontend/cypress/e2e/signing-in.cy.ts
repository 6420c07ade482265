import { api } from "../support/api";

describe("signing in", () => {
  const password = "a long enough password";
  let email: string;

  beforeEach(() => {
    email = `signing-in-${Date.now()}@example.com`;
    api("POST", "/auth/register", { email, password });
  });

  it("is refused with a wrong password, and works with the right one", () => {
    cy.visit("/login");
    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type("not the password{enter}");
    cy.get('[role="alert"]').should("be.visible");
    cy.location("pathname").should("eq", "/login");
    cy.get('[name="email"]').should("have.value", email);

    // It is selected, to be typed over.
    cy.get('[name="password"]').should("be.focused").type(password);
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    cy.get('[data-testid="add-todo"]').should("be.visible");
  });

  it("does not give an address away twice", () => {
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type(password);
    cy.get('[type="submit"]').click();
    cy.get('[name="email"]').should("be.focused").and("have.attr", "aria-invalid", "true");
    cy.location("pathname").should("eq", "/register");
  });
});
