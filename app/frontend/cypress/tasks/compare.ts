import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** Colours nearer than this are the same, where black and white are 1 apart. */
const SAME_COLOUR = 0.015;
/** So many pixels may differ: less than a border, an icon or the edge of anything that has moved. */
const MOST_PIXELS = 10;

/** What two pictures differ in, with a picture of it where they can be laid over each other. */
export type Difference = { reason: string; picture?: Buffer };

/** Null for pictures that look the same; smoothed edges may differ a little. */
export function compare(expected: Buffer, actual: Buffer): Difference | null {
  if (expected.equals(actual)) return null;
  const [before, now] = [PNG.sync.read(expected), PNG.sync.read(actual)];
  const { width, height } = now;
  if (before.width !== width || before.height !== height)
    return { reason: `${before.width}x${before.height} pixels are now ${width}x${height}` };
  const drawn = new PNG({ width, height });
  const pixels = pixelmatch(before.data, now.data, drawn.data, width, height, {
    threshold: SAME_COLOUR,
  });
  if (pixels <= MOST_PIXELS) return null;
  return { reason: `${pixels} pixels differ`, picture: PNG.sync.write(drawn) };
}

/** The same picture in fewer bytes: plain areas and letters want no filter, and no page is see-through. */
export function shrink(picture: Buffer): Buffer {
  const options = { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 } as const;
  return PNG.sync.write(PNG.sync.read(picture), options);
}
