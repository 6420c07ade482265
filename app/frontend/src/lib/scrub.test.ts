import { scrub } from "@/lib/scrub";

it.each([
  ["at https://app.test/x?q=my+secret#frag:3", "at https://app.test/x"],
  ["GET /api/v1/todos?search=diary failed", "GET /api/v1/todos failed"],
  ["at /login?next=diary: gone", "at /login gone"],
  ["https://app.test?q=diary", "https://app.test"],
  ['<a href="http://app.test/a~b.c-d?q=diary">', '<a href="http://app.test/a~b.c-d">'],
  ["why? who knows# it", "why? who knows# it"],
  ["no user ada.l+x@example.co.uk here", "no user [hidden] here"],
  ["Authorization: Bearer abc.def", "Authorization: [hidden] [hidden]"],
  ["sent bearer abc.def", "sent bearer [hidden]"],
  ["sent Basic   YWRh~b+c/d= on", "sent Basic [hidden] on"],
  ["a bearer. of news", "a bearer. of news"],
  ["mail a-b@x-y.z.example, please", "mail [hidden], please"],
  ["got eyJhbGciOi.eyJzdWIi.sig_x", "got [hidden]"],
  ['{"password":"hunter2","title":"x"}', '{"password":[hidden],"title":"x"}'],
  ["got eyJa.b.", "got [hidden]"],
  ["not heyJa.b.c", "not heyJa.b.c"],
  ["token=abc; path=/", "token=[hidden]; path=/"],
  [
    "api-key: 'a b' and apikey=x&api_key = y,z",
    "api-key: [hidden] and apikey=[hidden]&api_key = [hidden],z",
  ],
  ["{passwd:x} my session =y", "{passwd:[hidden]} my session =[hidden]"],
  ['COOKIE:"a b" Secret=1', "COOKIE:[hidden] Secret=[hidden]"],
  ["no secret here, tokens=7", "no secret here, tokens=7"],
  ["key 0123456789abcdef0123456789abcdef.", "key [hidden]."],
  [`${"a".repeat(31)}1 ${"a".repeat(30)}1`, `[hidden] ${"a".repeat(30)}1`],
  [`${"a".repeat(40)} ${"1".repeat(40)}`, `${"a".repeat(40)} ${"1".repeat(40)}`],
  [`x-${"1a_".repeat(11)}`, "[hidden]"],
  ["TypeError: undefined is not a function", "TypeError: undefined is not a function"],
])("of %j leaves %j", (text, expected) => {
  expect(scrub(text, 200)).toBe(expected);
});

it("keeps within its length, quickly even for hostile text", () => {
  expect(scrub("x ".repeat(999), 10)).toBe("x x x x x ");
  expect(scrub("a token=1", 9)).toBe("a token=[");
  expect(scrub("at the end token=1", 10)).toBe("at the end");
  const began = performance.now();
  for (const piece of ["a@", "a.", "/", "token=", "eyJ", "-1a", "http://"])
    scrub(piece.repeat(1_000), 2_000);
  expect(performance.now() - began).toBeLessThan(500);
});
