import { connection } from "@/lib/connection";
import { keepLoading, loadOrTell } from "@/lib/late-code";

const LONGEST_WAIT_MS = 30_000;

const load = jest.fn<Promise<string>, []>();
const onCode = jest.fn();
const onFailure = jest.fn();
let stop = () => {};

function fail(): Promise<string> {
  return Promise.reject(new Error("Failed to load chunk"));
}

function browserSays(online: boolean): void {
  jest.spyOn(navigator, "onLine", "get").mockReturnValue(online);
  window.dispatchEvent(new Event(online ? "online" : "offline"));
}

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, "random").mockReturnValue(0);
  load.mockReset().mockImplementation(fail);
});

afterEach(() => {
  stop();
  connection.note(true);
  jest.restoreAllMocks();
  onCode.mockReset();
  onFailure.mockReset();
  jest.useRealTimers();
});

const begin = async () => {
  stop = keepLoading(load, onCode, onFailure);
  await jest.advanceTimersByTimeAsync(0);
};

describe("code that has to be there in the end", () => {
  it("is asked for once where it comes", async () => {
    load.mockResolvedValue("code");
    await begin();
    expect(onCode.mock.calls).toEqual([["code"]]);
    browserSays(true);
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(load).toHaveBeenCalledTimes(1);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it("is asked for after waits that double up to a bound, until it comes", async () => {
    await begin();
    const waits = [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000];
    for (const [tries, wait] of waits.entries()) {
      await jest.advanceTimersByTimeAsync(wait - 1);
      expect(load).toHaveBeenCalledTimes(tries + 1);
      await jest.advanceTimersByTimeAsync(1);
      expect(load).toHaveBeenCalledTimes(tries + 2);
    }
    expect(onFailure).toHaveBeenCalledTimes(waits.length + 1);
    expect(onCode).not.toHaveBeenCalled();
    load.mockResolvedValue("code");
    await jest.advanceTimersByTimeAsync(15_000);
    expect(onCode.mock.calls).toEqual([["code"]]);
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(load).toHaveBeenCalledTimes(waits.length + 2);
  });

  it("is asked for at once when the network is back, and not while it is away", async () => {
    browserSays(false);
    await begin();
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(load).toHaveBeenCalledTimes(1);
    load.mockResolvedValue("code");
    browserSays(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(onCode).toHaveBeenCalledTimes(1);
  });

  it("is not asked for twice at a time, and waits as little as at first once the network is back", async () => {
    let refuse = () => {};
    await begin();
    load.mockImplementation(
      () => new Promise((_resolve, reject) => (refuse = () => reject(new Error("torn")))),
    );
    await jest.advanceTimersByTimeAsync(250);
    expect(load).toHaveBeenCalledTimes(2);
    browserSays(true);
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(load).toHaveBeenCalledTimes(2);
    load.mockResolvedValue("code");
    refuse();
    await jest.advanceTimersByTimeAsync(250);
    expect(onCode).toHaveBeenCalledTimes(1);
  });

  it.each(["waiting", "loading"])("is of no interest once called off while %s", async (moment) => {
    await begin();
    if (moment === "loading") load.mockResolvedValueOnce("code");
    if (moment === "loading") jest.advanceTimersByTime(250);
    const calls = load.mock.calls.length;
    stop();
    browserSays(true);
    await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
    expect(load).toHaveBeenCalledTimes(calls);
    expect(onCode).not.toHaveBeenCalled();
    expect(onFailure).toHaveBeenCalledTimes(1);
  });
});

it("tells who asks for code that it cannot be had, and tries anew when asked again", async () => {
  loadOrTell(load, onCode);
  await jest.advanceTimersByTimeAsync(LONGEST_WAIT_MS);
  expect(connection.current()).toBe("unreachable");
  expect(load).toHaveBeenCalledTimes(1);
  load.mockResolvedValue("code");
  loadOrTell(load, onCode);
  await jest.advanceTimersByTimeAsync(0);
  expect(onCode.mock.calls).toEqual([["code"]]);
});
