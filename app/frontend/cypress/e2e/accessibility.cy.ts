import { api } from "../support/api";
import { DEVICES, checkBothThemes } from "../support/axe";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

for (const { name, ...viewport } of DEVICES)
  describe(`accessibility on a ${name}`, viewport, () => {
    it("holds on the list, its form, menus and dialogs, and on the account page", () => {
      cy.visit("/register");
      cy.get('[name="email"]').should("be.enabled").type(`axe-${name}-${Date.now()}@example.com`);
      cy.get('[name="password"]').type("a long enough password");
      cy.get('[type="submit"]').click();
      cy.location("pathname").should("eq", "/");
      cy.contains("Nothing to do yet").should("be.visible");
      checkBothThemes();

      for (let priority = 0; priority <= 5; priority += 1)
        api("POST", "/todos", {
          title: `Priority ${priority}`,
          description: "Some notes",
          priority,
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
      // By its key: on a busy machine a click lost the focus once.
      cy.get("body").type("/");
      byTestId("search").should("have.focus");

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
