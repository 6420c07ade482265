import nextJest from "next/jest.js";

/** Packages that ship only ES modules, which Jest has to transform itself. */
const ESM_PACKAGES = [
  "msw",
  "@mswjs",
  "@open-draft",
  "until-async",
  "rettime",
  "outvariant",
  "strict-event-emitter",
  "pixelmatch",
];

const config = {
  testEnvironment: "jest-fixed-jsdom",
  setupFilesAfterEnv: ["<rootDir>/jest.setup.ts"],
  moduleNameMapper: {
    "^@/(.*)$": "<rootDir>/src/$1",
    // Resolves to a stylesheet without saying so in its name.
    "^@fontsource-variable/": "<rootDir>/src/test/no-style.ts",
  },
  // The standalone build carries a second package.json of the same name.
  modulePathIgnorePatterns: ["<rootDir>/.next/"],
  testMatch: ["<rootDir>/{src,cypress}/**/*.test.{ts,tsx}"],
  collectCoverageFrom: [
    "src/**/*.{ts,tsx}",
    "!src/**/*.d.ts",
    "!src/lib/api-client/**",
    "!src/test/**",
    // OpenTelemetry's instrumentations tell a browser from Node, and do nothing here.
    "!src/lib/browser-tracing.ts",
    "!src/lib/server-tracing.ts",
  ],
};

export default async function jestConfig() {
  const resolved = await nextJest({ dir: import.meta.dirname })(config)();
  // next/jest ignores all of node_modules; pnpm's nested layout needs its own pattern.
  resolved.transformIgnorePatterns = [
    `/node_modules/(?!\\.pnpm/)(?!(${ESM_PACKAGES.join("|")})/)`,
    `/node_modules/\\.pnpm/(?!(${ESM_PACKAGES.map((name) => name.replace("/", "\\+")).join("|")})[@+])`,
    "^.+\\.module\\.(css|sass|scss)$",
  ];
  return resolved;
}
