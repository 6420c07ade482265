type Attribute = { key: string; value: { stringValue?: string } };

/** What of OTLP's JSON is looked at. */
type Batch = {
  resourceSpans: {
    resource: { attributes?: Attribute[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        kind?: number;
        name: string;
        attributes?: Attribute[];
      }[];
    }[];
  }[];
};

type Span = {
  service: string;
  kind: "server" | "client" | "inner";
  name: string;
  traceId: string;
  id: string;
  parent: string;
  attributes: Record<string, string>;
};

const KINDS: Record<number, Span["kind"]> = { 2: "server", 3: "client" };

function textsOf(attributes: Attribute[] = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? ""]));
}

/** The spans in what the collector wrote; its last line may still be under way. */
function spansOf(written: string): Span[] {
  const batches = written.split("\n").slice(0, -1);
  return batches.flatMap((line) =>
    (JSON.parse(line) as Batch).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          service: textsOf(resource.attributes)["service.name"] ?? "",
          kind: KINDS[span.kind ?? 0] ?? "inner",
          name: span.name,
          traceId: span.traceId,
          id: span.spanId,
          parent: span.parentSpanId ?? "",
          attributes: textsOf(span.attributes),
        })),
      ),
    ),
  );
}

/** From a span up to the one that began the trace, as far as they have arrived. */
function lineOf(span: Span, spans: Span[]): Span[] {
  const above = spans.find(({ id }) => id === span.parent);
  return [span, ...(above ? lineOf(above, spans) : [])];
}

/** Where a trace leads to from its first statement of that kind, upwards; inner spans are left out. */
function placesOf(traceparent: unknown, statement: RegExp, written: string) {
  const [, traceId] = String(traceparent).split("-");
  const spans = spansOf(written).filter((span) => span.traceId === traceId);
  const first = spans.find(({ attributes }) => statement.test(attributes["db.query.text"] ?? ""));
  return (first ? lineOf(first, spans) : [])
    .filter(({ kind }) => kind !== "inner")
    .map(({ service, kind }) => `${service} ${kind}`);
}

const WHOLE_WAY = [
  "backend client", // of the database
  "backend server",
  "frontend client",
  "frontend server",
  "frontend-browser client",
];

describe("a trace", () => {
  const file = Cypress.env("TRACES") as string | undefined;
  const missing =
    (Cypress.env("TRACES_MISSING") as string | undefined) ||
    (!file && "refctl test e2e brings the collector");
  const title = "leads from the browser through Next and the backend to SQL";
  if (!file || missing) {
    it.skip(`${title} (skipped: ${missing})`);
    return;
  }

  it(title, () => {
    const canary = `canary${Date.now()}`;
    cy.visit("/register");
    cy.get('[name="email"]').should("be.enabled").type(`${canary}@example.com`);
    cy.get('[name="password"]').type("a long enough password");
    cy.get('[type="submit"]').click();
    cy.location("pathname").should("eq", "/");
    // What makes the browser's spans comes late, so as not to delay the page.
    cy.window({ timeout: 30_000 }).its("fetch.__wrapped").should("eq", true);

    cy.intercept("POST", "/api/v1/todos").as("add");
    cy.intercept("GET", "/api/v1/todos?*q=*").as("search");
    cy.get('[data-testid="add-todo"]').should("be.enabled").click();
    cy.get('[name="title"]').type(canary);
    cy.get('[type="submit"]').click();
    cy.contains('[data-testid="todo-title"]', canary).should("be.visible");
    cy.get('[data-testid="todo-form"]').should("not.exist");
    cy.get('[data-testid="search"]').type(`${canary}-is-nowhere`);
    cy.contains(`Nothing here contains “${canary}-is-nowhere”`).should("be.visible");
    leadsTo("@add", /^INSERT INTO todos/);
    leadsTo("@search", /^SELECT .*FROM todos/s);

    // Each side sends its spans in the order in which they end: with the last ones all have come.
    cy.intercept("PATCH", "/api/v1/todos/*").as("change");
    cy.get('[data-testid="search"]').clear();
    cy.get(`[role="checkbox"][aria-label="${canary}"]`).click();
    leadsTo("@change", /^UPDATE todos/);
    // Neither the address, nor the title, nor what was searched for.
    cy.readFile(file).should("not.contain", canary);
  });

  function leadsTo(request: string, statement: RegExp) {
    cy.wait(request).then(({ request: { headers } }) => {
      // Each side sends in its own time: read until all are there.
      cy.readFile(String(file), { timeout: 60_000 }).should((written: string) => {
        expect(placesOf(headers.traceparent, statement, written)).to.deep.equal(WHOLE_WAY);
      });
    });
  }
});
