import { act } from "@testing-library/react";
import { run, type AxeResults } from "axe-core";

/** What axe objects to; colours are left out, because jsdom does not lay anything out. */
export async function axe(element: Element): Promise<string[]> {
  // Checking takes a while, in which the page may finish an animation.
  const { violations } = await act<AxeResults>(() =>
    run(element, { rules: { "color-contrast": { enabled: false } } }),
  );
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html}`),
  );
}
