import { createTodoSchema, todoFormSchema, todoSchema, updateTodoSchema } from "@/schemas/todo";
import { todo } from "@/test/server";

describe("todoSchema", () => {
  it("takes what the API sends", () => {
    expect(todoSchema.parse(todo())).toEqual(todo());
    const offset = todo({ updated_at: "2026-01-02T03:04:05.678901+00:00" });
    expect(todoSchema.parse(offset)).toEqual(offset);
  });

  it.each([
    ["a missing title", { title: "" }],
    ["a priority beyond the scale", { priority: 6 }],
    ["a time without its zone", { created_at: "2026-01-02T03:04:05" }],
  ])("refuses %s", (_what, change) => {
    expect(todoSchema.safeParse(todo(change)).success).toBe(false);
  });
});

describe("what is sent", () => {
  it.each([
    ...["🌱", "\u200f شاي", "👩‍👩‍👧", "é", "e\u0301", "-", "❤\ufe0f", "1\ufe0f\u20e3"],
    ...["سُكَّر", "हिन्दी", "한국어", "葛\u{e0100}", "\u2800."],
  ])("may have a title like %s", (title) => {
    expect(createTodoSchema.parse({ title }).title).toBe(title.trim());
  });

  it.each([
    ...["\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"],
    ...["\u0301", "\u0903", "\u20dd", "\u034f", "\ufe0f", "\u{e0100}"],
    ...["\u200b", "\u2060\u00ad", "\u3164 \u034f\u2800"],
  ])("may not have a title of which nothing is seen: %j", (title) => {
    const result = createTodoSchema.safeParse({ title });
    expect(result.error?.issues).toMatchObject([{ message: "Write something visible" }]);
  });

  it("is trimmed and filled with defaults", () => {
    expect(createTodoSchema.parse({ title: "  Tea " })).toEqual({
      title: "Tea",
      description: null,
      completed: false,
      priority: 0,
    });
  });

  it("may be a single change", () => {
    expect(updateTodoSchema.parse({ completed: true })).toEqual({ completed: true });
  });

  it.each([
    ["title", { title: "   " }, "Give it a title"],
    ["title", { title: "\u200b \u2060\u00ad" }, "Write something visible"],
    ["title", { title: "a\tb" }, "Take out tabs and other control characters"],
    ["title", { title: "a\u0000" }, "Take out tabs and other control characters"],
    ["title", { title: "x".repeat(101) }, "Keep the title within 100 characters"],
    ["description", { description: "x".repeat(501) }, "Keep notes within 500 characters"],
  ])("says what is wrong with a %s", (field, change, message) => {
    const result = todoFormSchema.safeParse({
      title: "Tea",
      description: "",
      priority: 0,
      ...change,
    });
    expect(result.error?.issues).toMatchObject([{ path: [field], message }]);
  });
});
