import { DEVICES, checkBothThemes } from "../../support/axe";

const byTestId = (id: string) => cy.get(`[data-testid="${id}"]`);

it("keeps the backend's own pages out of reach", () => {
  for (const url of ["/metrics", "/api/metrics", "/api/v1/metrics", "/api/v1/..%2f..%2fmetrics"])
    cy.request({ url, failOnStatusCode: false }).its("status").should("eq", 404);
});

it("answers for its health, and sends strangers to sign in", () => {
  cy.request("/api/v1/health").its("status").should("eq", 200);
  cy.request({ url: "/api/v1/todos", failOnStatusCode: false }).its("status").should("eq", 401);
  cy.visit("/");
  cy.location("pathname").should("eq", "/login");
});

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
  });
