import "cypress-axe";

// The development server compiles a page at its first visit, which on a busy
// machine takes longer than a command waits.
before(() => {
  for (const url of ["/", "/login", "/register", "/account", "/api/v1/health"])
    cy.request({ url, followRedirect: false, timeout: 120_000 });
});
