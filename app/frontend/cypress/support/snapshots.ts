import type { Judgement, Shot } from "../tasks/snapshots";

/** Why the pictures cannot be compared here, if so. */
export const elsewhere =
  Cypress.platform === "linux" && Cypress.arch === "x64" && Cypress.isBrowser("electron")
    ? null
    : `the pictures are of Cypress's own browser on Linux (x64), not of ${Cypress.browser.name} on ${Cypress.platform} (${Cypress.arch}): CI compares them`;

const SCREENS = [
  { screen: "desktop", width: 1280, height: 800 },
  { screen: "phone", width: 375, height: 812 },
];
const THEMES = ["light", "dark"];

/**
 * What would differ from one machine or moment to the next: other fonts, hints for them, what
 * moves, blinks or scrolls, and the development server's own mark.
 */
const STILL = `
  *, ::before, ::after {
    font-family: "Inter Variable" !important;
    text-rendering: geometricPrecision !important;
    transition: none !important;
    animation: none !important;
    caret-color: transparent !important;
    scrollbar-width: none !important;
  }
  nextjs-portal { display: none }
`;
const STILL_ID = "still";

const MOST_SHOTS = 6;
const PAUSE_MS = 300;

const names: string[] = [];
let differences: string[] = [];

/** The page as it is, on each screen and in each theme. A difference shows when all are taken. */
export function takeSnapshots(state: string) {
  for (const { screen, width, height } of SCREENS) {
    cy.viewport(width, height, { log: false });
    for (const theme of THEMES) {
      const name = `${state}-${screen}-${theme}`;
      names.push(name);
      dress(theme);
      judge(name).then((reason) => {
        if (reason) differences.push(reason);
      });
    }
  }
}

/** Fails with all that has differed since the last time. */
export function expectNoDifferences() {
  cy.then(() => {
    const found = differences;
    differences = [];
    if (!found.length) return;
    const kept = `${Cypress.config("screenshotsFolder")}/${Cypress.spec.name}`;
    const message = [
      "It looks different from the snapshots:",
      ...found,
      `What was expected, what there is and the difference are in ${kept}.`,
      "If it is right as it is: refctl test e2e --update-snapshots",
    ].join("\n");
    // A report of JUnit's is no place where somebody looks first.
    cy.task("log", message, { log: false }).then(() => {
      throw new Error(message);
    });
  });
}

/** Whether the page looks like one of the pictures, which stay as they are. */
export function looksLike(state: string): Cypress.Chainable<boolean> {
  const [{ screen, width, height }, theme] = [SCREENS[0]!, THEMES[0]!];
  cy.viewport(width, height, { log: false });
  dress(theme);
  return shoot(`${state}-${screen}-${theme}`).then((shot) => cy.task<boolean>("looksLike", shot));
}

/** After all of them: any other picture is of something that is no more. */
export function dropOtherSnapshots(this: Mocha.Context) {
  const passed = this.test?.parent?.tests.every(({ state }) => state === "passed");
  if (passed) cy.task("dropOtherSnapshots", names);
}

function dress(theme: string) {
  cy.document({ log: false }).then({ timeout: 10_000 }, async (page) => {
    page.documentElement.setAttribute("data-theme", theme);
    if (!page.getElementById(STILL_ID)) {
      const style = page.createElement("style");
      page.head.append(Object.assign(style, { id: STILL_ID, textContent: STILL }));
    }
    page.scrollingElement?.scrollTo(0, 0);
    await page.fonts.ready;
  });
}

function shoot(name: string): Cypress.Chainable<Shot> {
  let taken = "";
  cy.screenshot(name, {
    capture: "viewport",
    overwrite: true,
    log: false,
    onAfterScreenshot: (_page, { path }) => {
      taken = path;
    },
  });
  return cy.then(() => ({ name, taken }));
}

/** Says what is different; looks again for as long as the page changes. */
function judge(name: string, shots = 1): Cypress.Chainable<string | null> {
  return shoot(name)
    .then((shot) => cy.task<Judgement>("compareSnapshot", shot, { log: false }))
    .then(({ reason, settled }) => {
      if (!reason || settled || shots === MOST_SHOTS) return cy.wrap(reason, { log: false });
      cy.wait(PAUSE_MS, { log: false });
      return judge(name, shots + 1);
    });
}
