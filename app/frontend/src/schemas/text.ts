import * as z from "zod/mini";
import { texts } from "@/lib/texts";

const says = texts.rules;

/**
 * What leaves no mark of its own: controls, formats such as a zero-width space,
 * separators, accents and variation selectors, which need something to be put on,
 * and letters that are drawn as blanks (Hangul fillers, braille without a dot).
 */
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800]/u;

/** Characters as the API counts them: one that takes two units of a string, like 🌱, is one. */
export const atMost = (max: number, message?: string) =>
  z.refine<string>((text) => Array.from(text).length <= max, message);

/** Nothing at all passes: whether there has to be something is another rule. */
export const isVisible = z.refine<string>(
  (text) => text === "" || VISIBLE.test(text),
  says.invisible,
);

export const isLine = z.refine<string>((text) => !/\p{Cc}/u.test(text), says.lineControls);

export const isLines = z.refine<string>(
  (text) => !/(?![\t\n\r])\p{Cc}/u.test(text),
  says.linesControls,
);
