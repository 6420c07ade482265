import { resolve } from "node:path";

// The tests run in a copy of this folder, beside which there is no backend.
process.env.OPENAPI_FILE = resolve("../backend/openapi.json");

/**
 * Mutation testing of what decides something. Left out of src/lib: `texts`, `limits` and
 * `log-limits` (words and numbers, nothing to decide), `api-client` (generated), the loggers, the
 * tracing and `report` (they hand on to libraries), and `query-client`, `sign-out`, `live-todos`,
 * `log-shipping`, `when-idle`, `when-at-rest` and `late-code` (timers, streams and the page around them: tests that wait).
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
const config = {
  mutate: [
    "src/lib/api-error.ts",
    "src/lib/backend-proxy.ts",
    "src/lib/browser-family.ts",
    "src/lib/connection.ts",
    "src/lib/env.ts",
    "src/lib/intake.ts",
    "src/lib/json.ts",
    "src/lib/log-entry.ts",
    "src/lib/problem-response.ts",
    "src/lib/rate-limit.ts",
    "src/lib/reason.ts",
    "src/lib/request-id.ts",
    "src/lib/scrub.ts",
    "src/lib/security-headers.ts",
    "src/lib/settled-within.ts",
    "src/lib/todo-cache.ts",
    "src/lib/trace-context.ts",
    "src/lib/unique-id.ts",
    "src/schemas/*.ts",
    "!src/**/*.test.ts",
  ],
  testRunner: "jest",
  jest: {
    configFile: "jest.config.mjs",
    // The tests of these modules. Those left out load modules within a test, which would pass off
    // what a module makes as it loads for something that a test can see.
    config: {
      testMatch: [
        "<rootDir>/src/{lib,schemas}/*.test.ts",
        "!**/{live-todos,logger,logger.browser,query-client,sign-out,tracing}.test.ts",
      ],
    },
  },
  coverageAnalysis: "perTest",
  // What a module makes as it loads (lists, patterns, zod's rules): each fault in it takes every
  // test of the module with all modules loaded anew, which is two thirds of the time for a quarter
  // of the faults. Lists and patterns are held by tests that name each entry, and the schemas' rules
  // to the backend's by `bounds.test.ts`.
  ignoreStatic: true,
  // Stryker's own plug-ins are found by name; pnpm shows it no others.
  plugins: ["@stryker-mutator/jest-runner"],
  tempDirName: process.env.STRYKER_WORK ?? ".stryker-tmp",
  reporters: ["json", "html", "progress"],
  jsonReporter: { fileName: `${process.env.STRYKER_REPORTS ?? "reports"}/mutation.json` },
  htmlReporter: { fileName: `${process.env.STRYKER_REPORTS ?? "reports"}/mutation.html` },
  // The threshold is refctl's: `[test.mutation]` in refctl.toml.
  thresholds: { high: 80, low: 80, break: null },
  allowEmpty: false,
};

export default config;
