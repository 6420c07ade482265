const byId = (id: string) => cy.get(`[data-testid="${id}"]`);

describe("a first day with the application", () => {
  const password = "a long enough password";

  it("registers, adds, edits, completes, deletes and logs out", () => {
    // Made here, so that a second attempt is another person.
    const email = `journey-${Date.now()}@example.com`;
    cy.visit("/");
    cy.location("pathname").should("eq", "/login");
    cy.contains("a", "Create an account").click();
    // The sign-in form has the same fields: typing waits for the other page.
    cy.location("pathname").should("eq", "/register");

    cy.get('[name="email"]').should("be.enabled").type(email);
    cy.get('[name="password"]').type(password);
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    cy.contains("Nothing to do yet").should("be.visible");

    byId("add-todo").click();
    cy.get('[name="title"]').type("Water the plants");
    cy.get('[type="submit"]').click();
    cy.contains('[data-testid="todo-title"]', "Water the plants").should("be.visible");

    // Editing has a field of the same name: wait until this form is gone.
    byId("todo-form").should("not.exist");
    byId("edit-todo").click({ force: true });
    cy.get('[name="title"]').clear();
    cy.get('[name="title"]').type("Water all the plants");
    cy.get('[type="submit"]').click();
    byId("todo-title").should("have.text", "Water all the plants");

    // The list shows the change before the server has it: a reload now would take it back.
    cy.intercept("PATCH", "/api/v1/todos/*").as("save");
    byId("todo-checkbox").click();
    byId("todo-checkbox").should("have.attr", "aria-checked", "true");
    cy.wait("@save");

    cy.reload();
    byId("todo-checkbox").should("have.attr", "aria-checked", "true");
    byId("add-todo").should("be.enabled");

    byId("delete-todo").click({ force: true });
    byId("todo-item").should("not.exist");
    cy.contains("button", "Undo").should("be.visible");

    byId("user-menu").click();
    byId("logout").click();
    cy.location("pathname").should("eq", "/login");
    cy.visit("/");
    cy.location("pathname").should("eq", "/login");
  });
});
