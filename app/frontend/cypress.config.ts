import { defineConfig } from "cypress";

export default defineConfig({
  video: false,
  // A second attempt would hide what fails now and then.
  retries: 0,
  e2e: {
    // CYPRESS_BASE_URL overrides it, as it does every option here.
    baseUrl: "http://localhost:3000",
    supportFile: "cypress/support/e2e.ts",
    defaultCommandTimeout: 15000,
    specPattern: "cypress/e2e/**/*.cy.{ts,tsx}",
    setupNodeEvents(on) {
      on("task", {
        log(message: string) {
          console.log(message);
          return null;
        },
      });
    },
  },
});
