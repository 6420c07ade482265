import { browserFamily } from "@/lib/browser-family";

it.each([
  ["Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge"],
  ["Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/140.0 Mobile Safari/604.1", "Chrome"],
  ["Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18.0 Safari/605.1.15", "Safari"],
  ["Mozilla/5.0 Gecko/20100101 Firefox/140.0", "Firefox"],
  ["curl/8.0", "other"],
  [null, "other"],
])("of %s is %s", (agent, family) => {
  expect(browserFamily(agent)).toBe(family);
});
