import type { Result } from "axe-core";

const STILL = "* { transition: none !important; animation: none !important }";

function report(violations: Result[]) {
  for (const { id, nodes } of violations)
    for (const { html, failureSummary } of nodes)
      cy.task("log", `${id}: ${html}\n${failureSummary}`);
}

/** axe on the page as it is, in both themes: only a real browser can judge contrast. */
export function checkBothThemes() {
  cy.injectAxe();
  cy.document().then((page) => {
    // Colours fade over; axe must not catch them half way.
    page.head.append(Object.assign(page.createElement("style"), { textContent: STILL }));
  });
  for (const theme of ["light", "dark"]) {
    cy.document().then((page) => page.documentElement.setAttribute("data-theme", theme));
    cy.checkA11y(undefined, undefined, report);
  }
}

export const DEVICES = [
  { name: "desktop", viewportWidth: 1280, viewportHeight: 800 },
  { name: "phone", viewportWidth: 390, viewportHeight: 844 },
];
