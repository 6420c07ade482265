import * as z from "zod/mini";
import { todoSchema } from "./todo";

/** What the event stream carries, by the names of its events. */
export const eventSchemas = {
  ready: z.object({ resumed: z.boolean(), heartbeat_seconds: z.number().check(z.positive()) }),
  "todo.created": todoSchema,
  "todo.updated": todoSchema,
  "todo.deleted": z.object({ id: z.int() }),
  "session.ended": z.object({ id: z.string() }),
  reset: z.object({ reason: z.string() }),
  bye: z.object({ reason: z.string() }),
};

export type EventName = keyof typeof eventSchemas;

export type StreamEvent = {
  [Name in EventName]: { name: Name; data: z.output<(typeof eventSchemas)[Name]> };
}[EventName];

/** An event of the stream, or undefined when it is not what it should be. */
export function readEvent(name: EventName, text: string): StreamEvent | undefined {
  try {
    const data = eventSchemas[name].safeParse(JSON.parse(text));
    return data.success ? ({ name, data: data.data } as StreamEvent) : undefined;
  } catch {
    return undefined;
  }
}
