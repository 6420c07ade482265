/** @jest-environment @stryker-mutator/jest-runner/jest-env/node */
import { readFileSync } from "node:fs";
import * as limits from "@/lib/limits";
import { registerSchema } from "@/schemas/auth";
import { createTodoSchema, todoFormSchema, todoSchema, updateTodoSchema } from "@/schemas/todo";
import { todo } from "@/test/server";

type Bounds = {
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
};
type Property = Bounds & { anyOf?: Bounds[] };

// Stryker runs the tests in a copy, which lies elsewhere.
const described = process.env.OPENAPI_FILE ?? "../backend/openapi.json";
const { components, paths } = JSON.parse(readFileSync(described, "utf8"));

function boundsOf(schema: string, field: string): Bounds {
  const property: Property = components.schemas[schema].properties[field];
  return { ...property, ...property.anyOf?.find((each) => each.maxLength !== undefined) };
}

const form = { title: "Tea", description: "", priority: 0 };

describe.each([
  ["a new todo", "TodoCreate", createTodoSchema, form],
  ["a change", "TodoUpdate", updateTodoSchema, form],
  ["the form", "TodoCreate", todoFormSchema, form],
  // What the API sends is what it has taken: its answers have no bounds of their own.
  ["an answer", "TodoCreate", todoSchema, todo()],
])("the bounds of %s are those of the API's %s", (_what, name, schema, valid) => {
  const takes = (change: object) => schema.safeParse({ ...valid, ...change }).success;

  // A string of n characters, also of such that JavaScript counts twice.
  it.each(["x", "🌱"])("for texts of %s", (character) => {
    for (const field of ["title", "description"]) {
      const { minLength = 0, maxLength = NaN } = boundsOf(name, field);
      const takesLength = (length: number) => takes({ [field]: character.repeat(length) });
      expect([field, takesLength(minLength), takesLength(maxLength)]).toEqual([field, true, true]);
      expect([field, takesLength(maxLength + 1)]).toEqual([field, false]);
      if (minLength > 0) expect([field, takesLength(minLength - 1)]).toEqual([field, false]);
    }
  });

  it("for control characters", () => {
    if (schema === todoSchema) return;
    for (const field of ["title", "description"]) {
      const pattern = new RegExp(boundsOf(name, field).pattern ?? "missing", "u");
      for (let code = 0; code < 0xb0; code += 1) {
        const text = `a${String.fromCharCode(code)}b`;
        expect([field, code, takes({ [field]: text })]).toEqual([field, code, pattern.test(text)]);
      }
    }
  });

  it("for the priority", () => {
    const { minimum = NaN, maximum = NaN } = boundsOf(name, "priority");
    expect([minimum, maximum].map((priority) => takes({ priority }))).toEqual([true, true]);
    expect([minimum - 1, maximum + 1].map((priority) => takes({ priority }))).toEqual([
      false,
      false,
    ]);
  });
});

it("a name has the pattern of the API's", () => {
  const pattern = new RegExp(boundsOf("RegisterRequest", "name").pattern ?? "missing", "u");
  const form = { email: "ada@example.com", password: "x".repeat(limits.PASSWORD_MIN) };
  for (let code = 0; code < 0xb0; code += 1) {
    const name = `a${String.fromCharCode(code)}b`;
    const taken = registerSchema.safeParse({ ...form, name }).success;
    expect([code, taken]).toEqual([code, pattern.test(name)]);
  }
});

it("the limits that pages name are those of the API", () => {
  const [password, name] = ["password", "name"].map((field) => ({
    ...boundsOf("RegisterRequest", field),
  }));
  const search = paths["/api/v1/todos"].get.parameters.find(
    (each: { name: string }) => each.name === "q",
  );
  expect(limits).toMatchObject({
    PASSWORD_MIN: password?.minLength,
    PASSWORD_MAX: password?.maxLength,
    NAME_MAX: name?.maxLength,
    TITLE_MAX: boundsOf("TodoCreate", "title").maxLength,
    DESCRIPTION_MAX: boundsOf("TodoCreate", "description").maxLength,
    PRIORITY_MAX: boundsOf("TodoCreate", "priority").maximum,
    QUERY_MAX: search.schema.anyOf?.[0].maxLength ?? search.schema.maxLength,
  });
});
