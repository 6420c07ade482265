import { api } from "../support/api";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);
const titles = (...expected: string[]) =>
  byTestId("todo-title").should((found) => {
    expect([...found].map(({ textContent }) => textContent)).to.deep.equal(expected);
  });

describe("todo management", () => {
  beforeEach(() => {
    const person = { email: `todos-${Date.now()}@example.com`, password: "a long enough password" };
    api("POST", "/auth/register", { ...person, transport: "cookie" });
    api("POST", "/todos", { title: "Bake bread", priority: 1 });
    api("POST", "/todos", { title: "Answer the letter", priority: 5 });
    api("POST", "/todos", { title: "Call the dentist", priority: 3 });
    cy.visit("/");
    byTestId("add-todo").should("be.enabled");
    byTestId("todo-list").should("be.visible");
  });

  it("sorts, filters and searches, and an address brings it back", () => {
    titles("Call the dentist", "Answer the letter", "Bake bread");
    byTestId("sort").select("Priority");
    titles("Answer the letter", "Call the dentist", "Bake bread");

    cy.get('[role="checkbox"][aria-label="Call the dentist"]').click();
    byTestId("filter-active").click();
    titles("Answer the letter", "Bake bread");
    byTestId("search").type("BREAD");
    titles("Bake bread");

    cy.location("search").should("include", "q=BREAD");
    cy.reload();
    titles("Bake bread");
    byTestId("filter-done").click();
    cy.contains("No todos match").should("be.visible");
    cy.contains("button", "Show all").click();
    titles("Answer the letter", "Call the dentist", "Bake bread");
  });

  it("takes a deletion back", () => {
    byTestId("todo-item").contains("Answer the letter");
    cy.get('[aria-label="Delete “Answer the letter”"]').click({ force: true });
    titles("Call the dentist", "Bake bread");
    cy.contains("button", "Undo").click();
    cy.contains('[data-testid="todo-title"]', "Answer the letter").should("be.visible");
    cy.reload();
    byTestId("todo-item").should("have.length", 3);
  });

  it("asks before it overwrites what somebody else has changed meanwhile", () => {
    cy.get('[aria-label="Edit “Bake bread”"]').click({ force: true });
    cy.get('[name="title"]').clear();
    cy.get('[name="title"]').type("Bake a cake");
    api("GET", "/todos?q=bread").then(({ body }) => {
      api("PATCH", `/todos/${body[0].id}`, { title: "Buy bread" });
    });
    byTestId("todo-form").find('[type="submit"]').click();
    byTestId("todo-conflict").should("contain.text", "Buy bread");
    cy.get('[name="title"]').should("have.value", "Bake a cake");

    byTestId("todo-form").contains("button", "Overwrite").click();
    byTestId("todo-form").should("not.exist");
    cy.reload();
    titles("Call the dentist", "Answer the letter", "Bake a cake");
  });

  it("gives back what the server refuses, with the reason", () => {
    cy.intercept({ method: "POST", url: "/api/v1/todos", times: 1 }, { statusCode: 422 });
    byTestId("add-todo").click();
    cy.get('[name="title"]').type("Write it down{enter}");
    byTestId("todo-form").find('[role="alert"]').should("be.visible");
    cy.get('[name="title"]').should("have.value", "Write it down");
    byTestId("todo-form").find('[type="submit"]').click();
    byTestId("todo-form").should("not.exist");
    cy.reload();
    titles("Write it down", "Call the dentist", "Answer the letter", "Bake bread");
  });
});
