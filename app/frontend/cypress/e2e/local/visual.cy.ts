import { api } from "../../support/api";
import {
  dropOtherSnapshots,
  elsewhere,
  expectNoDifferences,
  looksLike,
  takeSnapshots,
} from "../../support/snapshots";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

const PERSON = { name: "Robin", email: "visual@example.com", password: "a long enough password" };

/** Always the same person, without todos. */
function signIn() {
  api("POST", "/auth/register", PERSON, false);
  const { email, password } = PERSON;
  api("POST", "/auth/login", { email, password, transport: "cookie" });
  api("GET", "/todos?limit=100").then(({ body }) => {
    for (const { id } of body) api("DELETE", `/todos/${id}`);
  });
}

const TODOS = [
  { title: "Back up the photographs", priority: 1, completed: true },
  { title: "Learn to bake bread", priority: 0 },
  { title: "Sort the books", priority: 1 },
  {
    title: "Water the plants",
    priority: 2,
    description: "Those on the balcony, too.\nNot the cactus.",
  },
  { title: "Answer the letter", priority: 3 },
  { title: "Call the dentist", priority: 4 },
  {
    title: "Renew the passport",
    priority: 5,
    description: "It takes six weeks, and the flight is in eight.",
  },
];

function addTodos() {
  for (const { completed, ...todo } of TODOS)
    api("POST", "/todos", todo).then(({ body }) => {
      if (completed) api("PATCH", `/todos/${body.id}`, { completed });
    });
}

/** The footer names the version, which each release changes. */
function fixVersion() {
  cy.intercept("/api/v1/health", (request) =>
    request.continue(({ body }) => {
      body.version = "1.2.3";
    }),
  );
}

/** A time in whatever zone this is. */
const at = (day: number, hour: number) => new Date(2026, 0, day, hour, 30).toISOString();

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const DESKTOP =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36";

const SESSIONS = [
  { id: "1", created_at: at(15, 9), last_used_at: at(16, 10), user_agent: DESKTOP, current: true },
  { id: "2", created_at: at(12, 8), last_used_at: at(14, 20), user_agent: PHONE, current: false },
];

const isReady = () => cy.contains('[data-testid="health-status"]', "v1.2.3").should("be.visible");
const isLive = () => byTestId("live-status").should("have.attr", "data-state", "live");

describe(`how pages look${elsewhere ? ` (skipped: ${elsewhere})` : ""}`, () => {
  before(function () {
    if (elsewhere) this.skip();
  });

  beforeEach(fixVersion);

  it("to strangers", () => {
    cy.visit("/register");
    cy.get('[type="submit"]').should("be.enabled");
    isReady();
    takeSnapshots("register");

    cy.visit("/login?ended=revoked");
    cy.get('[type="submit"]').should("be.enabled");
    isReady();
    takeSnapshots("login");
    cy.get('[type="submit"]').click();
    cy.contains("Enter your password").should("be.visible");
    takeSnapshots("login-errors");

    cy.visit("/no-such-page", { failOnStatusCode: false });
    isReady();
    takeSnapshots("not-found");
    expectNoDifferences();
  });

  it("with todos and without", () => {
    signIn();
    cy.visit("/");
    cy.contains("Nothing to do yet").should("be.visible");
    isReady();
    isLive();
    takeSnapshots("todos-none");

    byTestId("user-menu").click();
    cy.get('[role="menu"]').should("be.visible");
    takeSnapshots("menu");
    cy.get('[role="menu"]').type("{esc}");
    cy.get('[role="menu"]').should("not.exist");

    cy.get("body").type("?");
    // The one letter that the application's font has not: it would come from another machine's.
    cy.contains('[role="dialog"] dd *', "⌘").should("be.visible").invoke("text", "Ctrl");
    takeSnapshots("dialog");
    cy.get('[role="dialog"] [aria-label="Close"]').click();
    cy.get('[role="dialog"]').should("not.exist");

    byTestId("add-todo").click();
    byTestId("todo-form").find('[type="submit"]').click();
    cy.contains("Give it a title").should("be.visible");
    takeSnapshots("form-errors");

    addTodos();
    cy.reload();
    byTestId("todo-item").should("have.length", TODOS.length);
    byTestId("add-todo").should("be.enabled");
    isReady();
    isLive();
    takeSnapshots("todos");
    expectNoDifferences();
  });

  it("with an account", () => {
    signIn();
    cy.intercept("GET", "/api/v1/auth/sessions", SESSIONS);
    cy.visit("/account");
    byTestId("session").should("have.length", SESSIONS.length);
    isReady();
    isLive();
    takeSnapshots("account");
    expectNoDifferences();
  });

  it("and a button that moves or changes its colour is noticed", () => {
    cy.visit("/register");
    cy.get('[type="submit"]').should("be.enabled");
    isReady();
    const changes = {
      "4 pixels": "translate: 4px",
      "1 pixel": "translate: 0 1px",
      "the next shade": "background: var(--accent-hover)",
    };
    looksLike("register").should("eq", true);
    for (const [name, change] of Object.entries(changes)) {
      cy.document().then((page) => {
        page.querySelector('[type="submit"]')?.setAttribute("style", change);
      });
      looksLike("register").should("eq", false, name);
    }
  });

  after(dropOtherSnapshots);
});
