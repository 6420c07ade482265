/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { createIntake } from "@/lib/intake";

const JSON_TYPE = { "content-type": "application/json" };
const OURS = { "sec-fetch-site": "same-origin", ...JSON_TYPE };

function request(headers: Record<string, string> = OURS, body: string | null = "{}"): Request {
  return new Request("http://app.test/api/logs", { method: "POST", body, headers });
}

/** Its burst is all there is: next to nothing comes back while a test runs. */
const intake = (burst = 10) => createIntake({ bytes: 10, burst, aMinute: 0.001 });

async function refusal(answer: string | Response): Promise<[number, string]> {
  if (typeof answer === "string") throw new Error(`admitted: ${answer}`);
  return [answer.status, (await answer.json()).detail];
}

it("gives the body of what it admits", async () => {
  expect(await intake()(request())).toBe("{}");
  expect(await intake()(request(OURS, "ä".repeat(5)))).toBe("ä".repeat(5));
  expect(await intake()(request(OURS, null))).toBe("");
});

it.each([
  [{ "sec-fetch-site": "cross-site", origin: "http://app.test", ...JSON_TYPE }],
  [{ "sec-fetch-site": "none", ...JSON_TYPE }],
  [{ origin: "http://elsewhere.test", ...JSON_TYPE }],
  [{ origin: "null", ...JSON_TYPE }],
  [JSON_TYPE],
])("refuses other sites' pages, and what is no page: %j", async (headers) => {
  expect(await refusal(await intake()(request(headers)))).toEqual([
    403,
    "Only this site's pages may send this.",
  ]);
});

it.each([
  [{ origin: "http://app.test" }],
  [{ origin: "https://shop.test", host: "shop.test" }],
  [{ origin: "https://shop.test", host: "inner", "x-forwarded-host": "shop.test" }],
])("admits older browsers by their origin: %j", async (headers) => {
  expect(await intake()(request({ ...headers, ...JSON_TYPE }))).toBe("{}");
});

it.each([
  ["application/json", true],
  ["application/json; charset=utf-8", true],
  ["application/json ; charset=utf-8", true],
  ["text/plain", false],
  ["", false],
])("takes %j: %s", async (type, taken) => {
  const answer = await intake()(request({ ...OURS, "content-type": type }));
  if (taken) expect(answer).toBe("{}");
  else expect(await refusal(answer)).toEqual([415, "Send JSON."]);
});

it("wants to be told what is sent", async () => {
  // A stream has no type of its own.
  const body = new Response("{}").body;
  const untyped = new Request("http://app.test/", {
    method: "POST",
    body,
    headers: { "sec-fetch-site": "same-origin" },
    duplex: "half",
  } as RequestInit);
  expect(await refusal(await intake()(untyped))).toEqual([415, "Send JSON."]);
});

it("counts by the nearest proxy's word", async () => {
  const admit = intake(1);
  const from = (forwarded: string) => admit(request({ ...OURS, "x-forwarded-for": forwarded }));
  expect(await from("6.6.6.6, 10.0.0.1")).toBe("{}");
  const refused = await from("7.7.7.7,10.0.0.1 ");
  expect((refused as Response).headers.get("retry-after")).toBe("60");
  expect(await refusal(refused)).toEqual([429, "Too much at once."]);
  expect(await from("10.0.0.2")).toBe("{}");
});

it("counts what comes without an address as one", async () => {
  const admit = intake(1);
  expect(await admit(request())).toBe("{}");
  expect(await refusal(await admit(request()))).toEqual([429, "Too much at once."]);
});

it("has a limit for everybody, however many addresses are made up", async () => {
  const admit = intake(1);
  const from = (number: number) => admit(request({ ...OURS, "x-forwarded-for": `a${number}` }));
  for (let number = 0; number < 50; number += 1) expect(await from(number)).toBe("{}");
  expect(await refusal(await from(50))).toEqual([429, "Too much at once."]);
});

it("takes as many bytes as it says, whatever the header says", async () => {
  const full = "1234567890";
  expect(await intake()(request(OURS, full))).toBe(full);
  expect(await intake()(request({ ...OURS, "content-length": "10" }, full))).toBe(full);
  const many = [413, "Send at most 10 bytes at a time."];
  expect(await refusal(await intake()(request(OURS, `${full}1`)))).toEqual(many);
  expect(await refusal(await intake()(request({ ...OURS, "content-length": "11" })))).toEqual(many);
});
