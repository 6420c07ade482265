/** @jest-environment node */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { compare } from "./compare";
import { snapshotTasks } from "./snapshots";

type Colour = [number, number, number];
type Box = { x: number; y: number; width: number; height: number; colour: Colour };

const CANVAS: Colour = [249, 250, 251];
const BUTTON: Box = { x: 40, y: 20, width: 90, height: 32, colour: [75, 82, 209] };
const DISC = { x: 165, y: 36, radius: 12 };

/**
 * A page with boxes on it, and a disc whose edge is smoothed: the more `weight`, the more of the
 * disc's colour a pixel takes that is only partly in it.
 */
function page(boxes: Box[], { width = 200, height = 80, weight = 1 } = {}): Buffer {
  const png = new PNG({ width, height });
  const paint = (x: number, y: number, colour: Colour) =>
    png.data.set([...colour, 255], (y * width + x) * 4);
  const covered = (x: number, y: number) =>
    Math.min(1, Math.max(0, DISC.radius + 0.5 - Math.hypot(x - DISC.x, y - DISC.y))) **
    (1 / weight);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      paint(x, y, CANVAS.map((c, i) => c + (BUTTON.colour[i]! - c) * covered(x, y)) as Colour);
  for (const box of boxes)
    for (let y = box.y; y < box.y + box.height; y += 1)
      for (let x = box.x; x < box.x + box.width; x += 1) paint(x, y, box.colour);
  return PNG.sync.write(png);
}

describe("pictures", () => {
  const expected = page([BUTTON]);

  it("look the same where only an edge is smoothed otherwise, or a colour is rounded", () => {
    expect(compare(expected, page([BUTTON], { weight: 1.5 }))).toBeNull();
    expect(compare(expected, page([{ ...BUTTON, colour: [76, 82, 208] }]))).toBeNull();
    const speck = { x: 5, y: 5, width: 3, height: 3, colour: BUTTON.colour };
    expect(compare(expected, page([BUTTON, speck]))).toBeNull();
  });

  it.each([
    ["moved by a pixel", { ...BUTTON, x: BUTTON.x + 1 }],
    ["moved by four pixels", { ...BUTTON, y: BUTTON.y + 4 }],
    ["a pixel wider", { ...BUTTON, width: BUTTON.width + 1 }],
    ["of the next shade", { ...BUTTON, colour: [66, 71, 193] as Colour }],
  ])("look different with a button that is %s", (_what, button) => {
    const difference = compare(expected, page([button]));
    expect(difference?.reason).toMatch(/^\d+ pixels differ$/);
    expect(PNG.sync.read(difference!.picture!)).toMatchObject({ width: 200, height: 80 });
  });

  it("look different with a row that is gone", () => {
    expect(compare(expected, page([]))).not.toBeNull();
  });

  it("are not laid over each other when one is larger", () => {
    const larger = compare(expected, page([BUTTON], { height: 90 }));
    expect(larger).toEqual({ reason: "200x80 pixels are now 200x90" });
  });
});

describe("snapshots", () => {
  const right = page([BUTTON]);
  const wrong = page([{ ...BUTTON, x: 60 }]);
  let folder: string;
  let shots: string;

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), "snapshots-"));
    [folder, shots] = [join(root, "baselines"), join(root, "shots")];
    mkdirSync(shots);
  });

  function shoot(picture: Buffer, name = "page") {
    const taken = join(shots, `${name}.png`);
    writeFileSync(taken, picture);
    return { name, taken };
  }

  function expectPage(picture: Buffer, name = "page") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.png`), picture);
  }

  it("fail where there is none, and take none unasked", () => {
    const { compareSnapshot } = snapshotTasks({ folder, updating: false });
    const { reason } = compareSnapshot(shoot(right));
    expect(reason).toBe("page: there is no snapshot of it");
    expect(existsSync(folder)).toBe(false);
  });

  it("keep what was expected, what there is and the difference of one that differs", () => {
    expectPage(right);
    const { compareSnapshot } = snapshotTasks({ folder, updating: false });
    const first = compareSnapshot(shoot(wrong));
    expect(first).toMatchObject({
      settled: false,
      reason: expect.stringContaining("pixels differ"),
    });
    expect(compareSnapshot(shoot(wrong)).settled).toBe(true);
    expect(readdirSync(shots).sort()).toEqual([
      "page.actual.png",
      "page.diff.png",
      "page.expected.png",
    ]);
    expect(readFileSync(join(folder, "page.png")).equals(right)).toBe(true);
  });

  it("keep nothing of a page that only took its time", () => {
    expectPage(right);
    const { compareSnapshot } = snapshotTasks({ folder, updating: false });
    compareSnapshot(shoot(wrong));
    expect(compareSnapshot(shoot(right))).toEqual({ reason: null, settled: true });
    expect(readdirSync(shots)).toEqual([]);
  });

  it("are taken anew once the page has settled, and only where they differ", () => {
    expectPage(wrong);
    expectPage(right, "same");
    const { compareSnapshot } = snapshotTasks({ folder, updating: true });
    expect(compareSnapshot(shoot(right, "same"))).toEqual({ reason: null, settled: true });
    expect(readFileSync(join(folder, "same.png")).equals(right)).toBe(true);

    const first = compareSnapshot(shoot(right));
    expect(first).toEqual({ reason: "page: it does not stand still", settled: false });
    expect(readFileSync(join(folder, "page.png")).equals(wrong)).toBe(true);
    expect(compareSnapshot(shoot(right))).toEqual({ reason: null, settled: true });
    expect(compare(readFileSync(join(folder, "page.png")), right)).toBeNull();
    expect(readdirSync(shots)).toEqual([]);
  });

  it("go with what they were of, when new ones are taken", () => {
    expectPage(right);
    expectPage(right, "old");
    snapshotTasks({ folder, updating: false }).dropOtherSnapshots(["page"]);
    expect(readdirSync(folder)).toHaveLength(2);
    snapshotTasks({ folder, updating: true }).dropOtherSnapshots(["page"]);
    expect(readdirSync(folder)).toEqual(["page.png"]);
  });

  it("tell whether a page looks like one without touching it", () => {
    expectPage(right);
    const { looksLike } = snapshotTasks({ folder, updating: true });
    expect([looksLike(shoot(right)), looksLike(shoot(wrong))]).toEqual([true, false]);
    expect(readFileSync(join(folder, "page.png")).equals(right)).toBe(true);
  });
});
