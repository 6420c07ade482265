import type { Result } from "axe-core";

const STILL = "* { transition: none !important; animation: none !important }";

function report(violations: Result[]) {
  for (const { id, nodes } of violations)
    for (const { html, failureSummary } of nodes)
      cy.task("log", `${id}: ${html}\n${failureSummary}`);
}

/** axe on the page as it is, in both themes: only a real browser can judge contrast. */
function checkBothThemes() {
  cy.injectAxe();
  cy.document().then((page) => {
    // Colours fade over; axe must not catch them half way.
    page.head.append(Object.assign(page.createElement("style"), { textContent: STILL }));
  });
  for (const theme of ["light", "dark"]) {
    cy.document().then((page) => page.documentElement.setAttribute("data-theme", theme));
    cy.checkA11y(undefined, undefined, report);
  }
}

describe("accessibility", () => {
  it("holds when signing in goes wrong", () => {
    cy.visit("/login");
    cy.get('[type="submit"]').should("be.enabled").click();
    cy.contains("Enter your password").should("be.visible");
    checkBothThemes();
  });

  it("holds on the list and its form", () => {
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(`axe-${Date.now()}@example.com`);
    cy.get('[name="password"]').type("a long enough password");
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    cy.contains("Nothing to do yet").should("be.visible");
    checkBothThemes();

    for (let priority = 0; priority <= 5; priority += 1)
      cy.request({
        method: "POST",
        url: "/api/v1/todos",
        // What a browser adds; the backend takes cookies from nowhere else.
        headers: { "sec-fetch-site": "same-origin" },
        body: { title: `Priority ${priority}`, priority },
      });
    cy.reload();
    // Enabled once the page listens to clicks.
    cy.get('[data-testid="add-todo"]').should("be.enabled");
    cy.get('[data-testid="todo-checkbox"]').first().click();
    cy.get('[data-testid="todo-checkbox"]').first().should("have.attr", "aria-checked", "true");
    cy.get('[data-testid="add-todo"]').click();
    checkBothThemes();
  });
});
