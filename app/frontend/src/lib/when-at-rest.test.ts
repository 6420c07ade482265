const SOON_MS = 500;
const LATER_MS = 10_000;

const task = jest.fn();

/** Gives the function as a document has it that has just come. */
async function come() {
  jest.resetModules();
  const { whenAtRest } = await import("./when-at-rest");
  return whenAtRest;
}

beforeEach(() => {
  task.mockClear();
  jest.useFakeTimers();
});

afterEach(() => void jest.useRealTimers());

it("comes by itself once the document has been there for a moment", async () => {
  const whenAtRest = await come();
  whenAtRest(task);
  await jest.advanceTimersByTimeAsync(SOON_MS);
  expect(task).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(LATER_MS);
  expect(task).toHaveBeenCalledTimes(1);
});

it.each(["pointermove", "pointerdown", "keydown", "focusin"])(
  "comes when someone reaches for it: %s",
  async (sign) => {
    const whenAtRest = await come();
    whenAtRest(task);
    window.dispatchEvent(new Event(sign));
    await jest.advanceTimersByTimeAsync(SOON_MS);
    expect(task).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(LATER_MS);
    expect(task).toHaveBeenCalledTimes(1);
  },
);

it("does not rest again for the pages that follow", async () => {
  const whenAtRest = await come();
  whenAtRest(() => undefined);
  await jest.advanceTimersByTimeAsync(LATER_MS);
  whenAtRest(task);
  await jest.advanceTimersByTimeAsync(SOON_MS);
  expect(task).toHaveBeenCalledTimes(1);
});

it("waits for a document that is still loading", async () => {
  const state = jest.spyOn(document, "readyState", "get").mockReturnValue("interactive");
  const whenAtRest = await come();
  whenAtRest(task);
  await jest.advanceTimersByTimeAsync(LATER_MS);
  expect(task).not.toHaveBeenCalled();
  window.dispatchEvent(new Event("load"));
  await jest.advanceTimersByTimeAsync(LATER_MS);
  expect(task).toHaveBeenCalledTimes(1);
  state.mockRestore();
});

it.each([true, false])("does not come once called off; idle time asked for: %s", async (asked) => {
  const whenAtRest = await come();
  window.requestIdleCallback = jest.fn(() => 1);
  window.cancelIdleCallback = jest.fn();
  const callOff = whenAtRest(task);
  window.dispatchEvent(new Event("keydown"));
  if (asked) await jest.advanceTimersByTimeAsync(SOON_MS);
  callOff();
  await jest.advanceTimersByTimeAsync(LATER_MS);
  expect(window.requestIdleCallback).toHaveBeenCalledTimes(Number(asked));
  expect(window.cancelIdleCallback).toHaveBeenCalledTimes(Number(asked));
  Reflect.deleteProperty(window, "requestIdleCallback");
  Reflect.deleteProperty(window, "cancelIdleCallback");
});

it("calls off what the task has begun", async () => {
  const whenAtRest = await come();
  const end = jest.fn();
  const callOff = whenAtRest(() => end);
  await jest.advanceTimersByTimeAsync(LATER_MS);
  expect(end).not.toHaveBeenCalled();
  callOff();
  expect(end).toHaveBeenCalledTimes(1);
});
