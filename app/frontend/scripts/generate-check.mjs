// Fails when src/lib/api-client differs from what the backend's openapi.json gives.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const fresh = mkdtempSync(join(tmpdir(), "api-client-"));
try {
  execFileSync("openapi-ts", { env: { ...process.env, GENERATE_TO: fresh }, stdio: "ignore" });
  execFileSync("git", ["diff", "--no-index", "--stat", "src/lib/api-client", fresh], {
    stdio: "inherit",
  });
} catch {
  console.error("The API client is out of date: run `pnpm generate` and commit the result.");
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true });
}
