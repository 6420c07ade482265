import { api } from "../../support/api";
import { openSecondWindow } from "../../support/second-window";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);
const title = (text: string, options = {}) =>
  cy.contains('[data-testid="todo-title"]', text, options);

// What runs in the second window's page.
const stateIs = (state: string) =>
  document.querySelector('[data-testid="live-status"]')?.getAttribute("data-state") === state;
const shows = (text: string) =>
  [...document.querySelectorAll('[data-testid="todo-title"]')].some(
    (each) => each.textContent === text,
  );
const isDone = (text: string) =>
  document.querySelector(`[role=checkbox][aria-label="${text}"]`)?.getAttribute("aria-checked") ===
  "true";
const toggle = (text: string) =>
  document.querySelector<HTMLElement>(`[role=checkbox][aria-label="${text}"]`)?.click();
const mark = () => void Object.assign(window, { isTheSame: true });
const isMarked = () => "isTheSame" in window;

/** Between attempts a window waits longer each time, up to half a minute. */
const COMES_BACK = 45_000;

describe("two windows", () => {
  before(function () {
    // Only what started the backend can start it again.
    if (!Cypress.env("SERVICES")) this.skip();
  });

  it("stay in step while the backend is killed and started again", () => {
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(`outage-${Date.now()}@example.com`);
    cy.get('[name="password"]').type("a long enough password");
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    byTestId("live-status").should("have.attr", "data-state", "live");
    const second = openSecondWindow("/");
    second.until(stateIs, "live");
    // A reload would lose it.
    cy.window().then((page) => Object.assign(page, { isTheSame: true }));
    second.run(mark, null);

    api("POST", "/todos", { title: "Before" });
    title("Before").should("be.visible");
    second.until(shows, "Before");

    cy.task("killBackend");
    byTestId("live-status").should("have.text", "· Reconnecting…");
    second.until(stateIs, "reconnecting");

    // Nothing is lost of what is tried meanwhile: it comes back to the form, with the reason.
    byTestId("add-todo").click();
    cy.get('[name="title"]').type("Meanwhile{enter}");
    cy.get('[role="alert"]').should("contain.text", "cannot be reached");
    byTestId("connection-notice").should("contain.text", "cannot be reached");
    cy.get('[name="title"]').should("have.value", "Meanwhile");
    title("Before").should("be.visible");
    second.run(shows, "Before").should("eq", true);

    cy.task("startBackend");
    // At the first moment that it can be, when a window may not have noticed yet.
    api("POST", "/todos", { title: "During" });
    title("During", { timeout: COMES_BACK }).should("be.visible");
    second.until(shows, "During", COMES_BACK);
    byTestId("live-status").should("have.attr", "data-state", "live");
    second.until(stateIs, "live");
    byTestId("connection-notice").should("be.empty");

    cy.get('[data-testid="todo-form"] [type="submit"]').click();
    byTestId("todo-form").should("not.exist");
    second.until(shows, "Meanwhile");
    title("Meanwhile").should("have.length", 1);
    second.run(toggle, "Meanwhile");
    cy.get('[role="checkbox"][aria-label="Meanwhile"]').should("have.attr", "aria-checked", "true");
    cy.get('[role="checkbox"][aria-label="Before"]').click();
    second.until(isDone, "Before");

    cy.window().its("isTheSame").should("eq", true);
    second.run(isMarked, null).should("eq", true);
    second.close();
  });
});
