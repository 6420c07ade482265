import { connection } from "@/lib/connection";

const heard = jest.fn();

function browserSays(online: boolean): void {
  jest.spyOn(navigator, "onLine", "get").mockReturnValue(online);
}

afterEach(() => {
  jest.restoreAllMocks();
  heard.mockClear();
  connection.note(true);
});

it("is what the last request met, unless the browser knows that there is no network", () => {
  expect(connection.current()).toBe("online");
  connection.note(false);
  expect(connection.current()).toBe("unreachable");
  browserSays(false);
  expect(connection.current()).toBe("offline");
});

it("tells of changes alone, and of the browser's own, until nobody listens", () => {
  const leave = connection.subscribe(heard);
  connection.note(true);
  expect(heard).not.toHaveBeenCalled();
  connection.note(false);
  connection.note(false);
  expect(heard).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  expect(heard).toHaveBeenCalledTimes(3);

  leave();
  connection.note(true);
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  expect(heard).toHaveBeenCalledTimes(3);
});
