import { browserFamily } from "@/lib/browser-family";

it.each([
  ["Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge"],
  ["Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome"],
  ["Mozilla/5.0 AppleWebKit/537.36 Chrome/140.0 Safari/537.36 OPR/120.0", "Opera"],
  ["Mozilla/5.0 SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "Samsung Internet"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 FxiOS/140.0 Mobile Safari/605.1", "Firefox"],
  ["Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36", "Chrome"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 EdgiOS/140.0 Mobile Safari/605.1", "Edge"],
  ["xOPR/1 xSamsungBrowser/1 xFirefox/1 xChrome/1 xSafari/1 xEdg/1", "other"],
  ["Opera Firefox Chrome Safari", "other"],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/140.0 Mobile Safari/604.1", "Chrome"],
  ["Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18.0 Safari/605.1.15", "Safari"],
  ["Mozilla/5.0 Gecko/20100101 Firefox/140.0", "Firefox"],
  ["curl/8.0", "other"],
  [null, "other"],
])("of %s is %s", (agent, family) => {
  expect(browserFamily(agent)).toBe(family);
});
