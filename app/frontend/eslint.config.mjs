import js from "@eslint/js";
import next from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";
import importX from "eslint-plugin-import-x";

/** Who may import whom: each folder lists the ones that it must not reach into. */
const ZONES = [
  {
    target: "./src/components/ui",
    from: ["./src/app", "./src/components/features", "./src/services", "./src/hooks"],
    message: "components/ui knows nothing of this application: pass it in.",
  },
  {
    target: ["./src/components/features", "./src/hooks"],
    from: "./src/app",
    message: "Routes compose features, never the other way round.",
  },
  {
    target: ["./src/services", "./src/lib", "./src/schemas", "./src/utils", "./src/types"],
    from: ["./src/app", "./src/components", "./src/hooks"],
    message: "Below the components nothing may know them.",
  },
  {
    target: ["./src/app", "./src/components", "./src/hooks", "./src/schemas", "./src/utils"],
    from: "./src/lib/api-client",
    message: "Only src/services call the API client.",
  },
];

const config = [
  {
    ignores: [
      ".next/",
      "coverage/",
      "reports/",
      ".stryker-tmp/",
      "src/lib/api-client/",
      "next-env.d.ts",
    ],
  },
  js.configs.recommended,
  ...next,
  ...nextTypescript,
  {
    files: ["**/*.{ts,tsx,mts}"],
    plugins: { "import-x": importX },
    // Without its extensions and parsers, import-x reads no TypeScript: it would see no cycle.
    settings: importX.flatConfigs.typescript.settings,
    rules: {
      // The compiler knows every global.
      "no-undef": "off",
      "import-x/no-restricted-paths": ["error", { zones: ZONES }],
      "import-x/no-cycle": "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        // jest.mock factories may name a type by import().
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: ["scripts/**", "*.mjs"],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
  },
];

export default config;
