import { api } from "../support/api";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

describe("two windows", () => {
  it("stay in step without a reload", () => {
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(`live-${Date.now()}@example.com`);
    cy.get('[name="password"]').type("a long enough password");
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    byTestId("live-status").should("contain.text", "Live");
    // A reload would lose it.
    cy.window().then((page) => Object.assign(page, { isTheSame: true }));

    const soon = { timeout: 5000 };
    api("POST", "/todos", { title: "From elsewhere" }).then(({ body }) => {
      cy.contains('[data-testid="todo-title"]', "From elsewhere", soon).should("be.visible");

      api("PATCH", `/todos/${body.id}`, { title: "Changed elsewhere" });
      cy.contains('[data-testid="todo-title"]', "Changed elsewhere", soon).should("be.visible");

      byTestId("filter-active").click();
      cy.location("search").should("eq", "?show=active");
      byTestId("todo-item").should("have.length", 1);
      api("PATCH", `/todos/${body.id}`, { completed: true });
      cy.get('[data-testid="todo-item"]', soon).should("not.exist");
      byTestId("filter-all").click();
      byTestId("todo-checkbox").should("have.attr", "aria-checked", "true");

      api("DELETE", `/todos/${body.id}`);
      cy.get('[data-testid="todo-item"]', soon).should("not.exist");
    });
    cy.window().its("isTheSame").should("eq", true);
  });
});
