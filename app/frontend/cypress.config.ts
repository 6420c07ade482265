import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "cypress";
import { snapshotTasks } from "./cypress/tasks/snapshots";

const PATIENCE_MS = 30_000;
const WINDOW = { width: 1280, height: 812 };

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
    setupNodeEvents(on, { baseUrl, env, projectRoot }) {
      // CYPRESS_SERVICES: where `refctl test` keeps its services' process ids and takes requests.
      const services = (name: string) => join(String(env.SERVICES), name);
      // With CYPRESS_VIDEO=true every journey is filmed; one that went well is not worth keeping.
      on("after:spec", (_spec, results) => {
        if (!results.video || results.stats.failures) return;
        rmSync(results.video);
        // It begins the smaller copy beforehand, and leaves it empty where there is nothing to copy.
        rmSync(results.video.replace(/\.mp4$/, "-compressed.mp4"), { force: true });
      });
      // A picture of a page is no larger than the window.
      on("before:browser:launch", (browser, options) => {
        if (browser.name === "electron") Object.assign(options.preferences, WINDOW);
        return options;
      });
      on("task", {
        // With CYPRESS_UPDATE_SNAPSHOTS=true what is seen is what is expected from then on.
        ...snapshotTasks({
          folder: join(projectRoot, "cypress/e2e/local/visual"),
          updating: Boolean(env.UPDATE_SNAPSHOTS),
        }),
        log(message: string) {
          console.log(message);
          return null;
        },
        killBackend() {
          const { pid } = JSON.parse(readFileSync(services("backend.json"), "utf8"));
          process.kill(pid, "SIGKILL");
          return null;
        },
        async startBackend() {
          writeFileSync(services("backend.start"), "");
          const health = new URL("/api/v1/health", baseUrl ?? undefined);
          for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
            if ((await fetch(health)).ok) return null;
            await new Promise((done) => setTimeout(done, 20));
          }
          throw new Error("the backend did not come back");
        },
      });
    },
  },
});
