const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

/** Another window of the same person, which says what it is like a browser does. */
function elsewhere(method: string, url: string, body?: object) {
  return cy.request({ method, url, body, headers: { "sec-fetch-site": "same-origin" } });
}

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
    elsewhere("POST", "/api/v1/todos", { title: "From elsewhere" }).then(({ body }) => {
      cy.contains('[data-testid="todo-title"]', "From elsewhere", soon).should("be.visible");

      elsewhere("PATCH", `/api/v1/todos/${body.id}`, { title: "Changed elsewhere" });
      cy.contains('[data-testid="todo-title"]', "Changed elsewhere", soon).should("be.visible");

      byTestId("filter-active").click();
      cy.location("search").should("eq", "?show=active");
      byTestId("todo-item").should("have.length", 1);
      elsewhere("PATCH", `/api/v1/todos/${body.id}`, { completed: true });
      cy.get('[data-testid="todo-item"]', soon).should("not.exist");
      byTestId("filter-all").click();
      byTestId("todo-checkbox").should("have.attr", "aria-checked", "true");

      elsewhere("DELETE", `/api/v1/todos/${body.id}`);
      cy.get('[data-testid="todo-item"]', soon).should("not.exist");
    });
    cy.window().its("isTheSame").should("eq", true);
  });
});
