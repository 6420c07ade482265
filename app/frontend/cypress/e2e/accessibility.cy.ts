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

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

const DEVICES = [
  { name: "desktop", viewportWidth: 1280, viewportHeight: 800 },
  { name: "phone", viewportWidth: 390, viewportHeight: 844 },
];

for (const { name, ...viewport } of DEVICES)
  describe(`accessibility on a ${name}`, viewport, () => {
    it("holds on the pages for strangers, and when signing in goes wrong", () => {
      cy.visit("/register");
      cy.get('[type="submit"]').should("be.enabled");
      checkBothThemes();
      cy.visit("/login?ended=revoked");
      byTestId("auth-notice").should("be.visible");
      cy.get('[type="submit"]').should("be.enabled").click();
      cy.contains("Enter your password").should("be.visible");
      checkBothThemes();
      cy.visit("/no-such-page", { failOnStatusCode: false });
      checkBothThemes();
    });

    it("holds on the list, its form, menus and dialogs, and on the account page", () => {
      cy.visit("/register");
      cy.get('[name="email"]').should("be.enabled").type(`axe-${name}-${Date.now()}@example.com`);
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
          body: { title: `Priority ${priority}`, description: "Some notes", priority },
        });
      cy.reload();
      // Enabled once the page listens to clicks.
      byTestId("add-todo").should("be.enabled");
      byTestId("todo-checkbox").first().click();
      byTestId("todo-checkbox").first().should("have.attr", "aria-checked", "true");
      byTestId("add-todo").click();
      checkBothThemes();

      cy.get('[role="combobox"][aria-label="Priority"]').click();
      cy.get('[role="option"]').should("be.visible");
      checkBothThemes();
      cy.contains('[role="option"]', "High").click();
      cy.get('[role="listbox"]').should("not.be.visible");
      byTestId("todo-form").contains("button", "Cancel").click();

      byTestId("delete-todo").last().click({ force: true });
      cy.contains("button", "Undo").should("be.visible");
      checkBothThemes();

      byTestId("user-menu").click();
      cy.get('[role="menu"]').should("be.visible");
      checkBothThemes();
      cy.get('[role="menu"]').type("{esc}");
      cy.get('[role="menu"]').should("not.exist");

      cy.get("body").type("?");
      cy.get('[role="dialog"]').should("be.visible");
      checkBothThemes();
      cy.get('[role="dialog"] [aria-label="Close"]').click();
      cy.get('[role="dialog"]').should("not.exist");

      byTestId("search").type("nothing like it");
      cy.contains("No todos match").should("be.visible");
      checkBothThemes();

      cy.visit("/account");
      byTestId("session").should("be.visible");
      cy.contains("button", "Change password").should("be.enabled").click();
      cy.contains("Enter your current password").should("be.visible");
      checkBothThemes();
    });
  });
