import { scrub } from "@/lib/scrub";

it.each([
  ["at https://app.test/x?q=my+secret#frag:3", "at https://app.test/x"],
  ["GET /api/v1/todos?search=diary failed", "GET /api/v1/todos failed"],
  ["no user ada.l+x@example.co.uk here", "no user [hidden] here"],
  ["Authorization: Bearer abc.def", "Authorization: [hidden] [hidden]"],
  ["sent bearer abc.def", "sent bearer [hidden]"],
  ["got eyJhbGciOi.eyJzdWIi.sig_x", "got [hidden]"],
  ['{"password":"hunter2","title":"x"}', '{"password":[hidden],"title":"x"}'],
  ["token=abc; path=/", "token=[hidden]; path=/"],
  ["key 0123456789abcdef0123456789abcdef.", "key [hidden]."],
  ["TypeError: undefined is not a function", "TypeError: undefined is not a function"],
])("of %j leaves %j", (text, expected) => {
  expect(scrub(text, 200)).toBe(expected);
});

it("keeps within its length, quickly even for hostile text", () => {
  expect(scrub("x ".repeat(999), 10)).toBe("x x x x x ");
  const began = performance.now();
  for (const piece of ["a@", "a.", "/", "token=", "eyJ", "-1a", "http://"])
    scrub(piece.repeat(1_000), 2_000);
  expect(performance.now() - began).toBeLessThan(500);
});
