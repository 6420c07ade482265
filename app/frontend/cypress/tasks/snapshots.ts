import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compare, shrink } from "./compare";

/** A picture that Cypress has just taken, by the name of the snapshot. */
export type Shot = { name: string; taken: string };
/** `reason` is null where it looks as it should; otherwise another shot tells, until it has settled. */
export type Judgement = { reason: string | null; settled: boolean };

/**
 * Tasks that hold pictures of pages against the ones in a folder. Of one that differs what was
 * expected, what there is and the difference stay beside Cypress's own screenshots.
 */
export function snapshotTasks({ folder, updating }: { folder: string; updating: boolean }) {
  const lastShots = new Map<string, Buffer>();

  return {
    compareSnapshot({ name, taken }: Shot): Judgement {
      const baseline = join(folder, `${name}.png`);
      const actual = readFileSync(taken);
      const kept = (which: string) => taken.replace(/\.png$/, `.${which}.png`);
      for (const which of ["expected", "actual", "diff"]) rmSync(kept(which), { force: true });
      rmSync(taken);

      const expected = existsSync(baseline) ? readFileSync(baseline) : null;
      const difference = expected
        ? compare(expected, actual)
        : { reason: "there is no snapshot of it" };
      if (!difference) return { reason: null, settled: true };

      // A page that is still being drawn looks otherwise a moment later.
      const settled = lastShots.get(name)?.equals(actual) ?? false;
      lastShots.set(name, actual);
      if (settled && updating) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(baseline, shrink(actual));
        return { reason: null, settled };
      }
      if (expected) writeFileSync(kept("expected"), expected);
      writeFileSync(kept("actual"), shrink(actual));
      if (difference.picture) writeFileSync(kept("diff"), difference.picture);
      const reason = updating ? "it does not stand still" : difference.reason;
      return { reason: `${name}: ${reason}`, settled };
    },

    /** Keeps nothing, changes nothing. */
    looksLike({ name, taken }: Shot): boolean {
      const actual = readFileSync(taken);
      rmSync(taken);
      return compare(readFileSync(join(folder, `${name}.png`)), actual) === null;
    },

    /** Removes the pictures that nothing asks for any more. */
    dropOtherSnapshots(names: string[]): null {
      if (!updating) return null;
      for (const file of readdirSync(folder))
        if (!names.includes(basename(file, ".png"))) rmSync(join(folder, file));
      return null;
    },
  };
}
