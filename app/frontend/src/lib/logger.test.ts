/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import fs from "node:fs";

const STDOUT = 1;

/** What a server with this NODE_ENV writes when it logs one event. */
function logged(environment: string): string {
  // Without colours: a CI, unlike a pipe, may be offered them.
  const env = { ...process.env, NODE_ENV: environment, NO_COLOR: "1" };
  jest.replaceProperty(process, "env", env as never);
  let written = "";
  const take = (text: unknown) => (written += String(text)).length;
  jest.spyOn(process.stdout, "write").mockImplementation((text) => Boolean(take(text)));
  const writeSync = fs.writeSync as (...args: unknown[]) => number;
  jest
    .spyOn(fs, "writeSync")
    .mockImplementation((...args: unknown[]) =>
      args[0] === STDOUT ? take(args[1]) : writeSync(...args),
    );
  jest.isolateModules(() => {
    const { logger } = jest.requireActual<typeof import("./logger")>("./logger");
    logger.info({ path: "/todos", headers: { cookie: "refapp_access=secret" } }, "proxied");
  });
  return written;
}

afterEach(() => jest.restoreAllMocks());

it("logs JSON in production, without secrets", () => {
  const line = logged("production");
  expect(JSON.parse(line)).toMatchObject({
    level: "info",
    service: "frontend",
    path: "/todos",
    headers: { cookie: "[Redacted]" },
    msg: "proxied",
  });
});

it("logs one readable line in development, without secrets", () => {
  const line = logged("development");
  expect(line).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: proxied \{.*"path":"\/todos".*\}\n$/);
  expect(line).not.toContain("secret");
});
