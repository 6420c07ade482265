import { whenIdle } from "./when-idle";

const REST_MS = 2_500;

/** What a person does first, whatever they do it with. */
const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown", "focusin", "wheel"] as const;

/** Settled once the document has been there for a moment, or someone has reached for it. */
let rest: Promise<void> | undefined;

/**
 * Runs a task that nobody waits for yet. Until someone reaches for a document
 * that has just come, or it has been there for a moment, the processor is for
 * what it shows. The function that it returns calls the task off, and what the
 * task has begun, if the task returns what does that.
 */
export function whenAtRest(task: () => void | (() => void)): () => void {
  let isCalledOff = false;
  let callOff: (() => void) | void;
  rest ??= awaitRest();
  void rest.then(() => {
    if (isCalledOff) return;
    callOff = whenIdle(() => {
      callOff = task();
    });
  });
  return () => {
    isCalledOff = true;
    callOff?.();
  };
}

function awaitRest(): Promise<void> {
  return new Promise((resolve) => {
    function end() {
      for (const sign of SIGNS) window.removeEventListener(sign, end);
      resolve();
    }
    const wait = () => setTimeout(end, REST_MS);
    for (const sign of SIGNS) window.addEventListener(sign, end, { passive: true });
    if (document.readyState === "complete") wait();
    else window.addEventListener("load", wait, { once: true });
  });
}
