import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  // The standalone trace would otherwise start at whichever parent holds a lockfile.
  outputFileTracingRoot: import.meta.dirname,
  // Without this the development server refuses its own scripts to http://127.0.0.1.
  allowedDevOrigins: ["127.0.0.1"],
  poweredByHeader: false,
};

export default config;
