import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import {
  type ConversationEvent,
  changed,
  EMPTY,
  fold,
  join,
  messageOf,
  numberOf,
  type Timeline,
} from "./fold";

type Act =
  | { do: "say"; by: number }
  | { do: "edit" | "delete"; by: number; at: number }
  | { do: "react" | "unreact"; by: number; at: number; emoji: string };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("say" as const), by: fc.integer({ min: 1, max: 3 }) }),
  },
  fc.record({
    do: fc.constantFrom("edit" as const, "delete" as const),
    by: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(20),
  }),
  fc.record({
    do: fc.constantFrom("react" as const, "unreact" as const),
    by: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(20),
    emoji: fc.constantFrom("👍", "🎉"),
  }),
);

/** A conversation as the server keeps it: every event, and all messages after each of them. */
function history(acts: readonly Act[]): { events: ConversationEvent[]; after: Message[][] } {
  const events: ConversationEvent[] = [];
  const after: Message[][] = [[]];
  for (const [index, one] of acts.entries()) {
    const now = after.at(-1) as Message[];
    const seq = events.length + 1;
    const common = {
      seq,
      conversation_id: 1,
      timestamp: new Date(seq * 1000).toISOString(),
      client_id: `c-${seq}`,
    };
    if (one.do === "say") {
      const said: ConversationEvent = {
        type: "message",
        message_id: seq,
        message: `number ${seq}`,
        sender_id: one.by,
        sender: `user-${one.by}`,
        conversation_id: 1,
        timestamp: common.timestamp,
        client_id: common.client_id,
      };
      events.push(said);
      after.push([...now, messageOf(said)]);
      continue;
    }
    const target = now[one.at % Math.max(1, now.length)];
    if (!target || target.deleted) continue;
    const head = { ...common, message_id: target.id, actor_id: one.by };
    const event = (
      {
        edit: { ...head, type: "edited", message: `edited ${index}` },
        delete: { ...head, type: "deleted" },
        react: { ...head, type: "reacted", emoji: (one as { emoji: string }).emoji },
        unreact: { ...head, type: "unreacted", emoji: (one as { emoji: string }).emoji },
      } as const
    )[one.do];
    events.push(event);
    after.push(now.map((message) => (message.id === target.id ? changed(message, event) : message)));
  }
  return { events, after };
}

const whole = (messages: readonly Message[]): Timeline => ({ messages, fromStart: true, toEnd: true });

describe("folding events over a snapshot", () => {
  test("gives what a fresh read gives, also when the snapshot is newer than the first of the events", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.nat(), fc.nat(), (acts, one, other) => {
        const { events, after } = history(acts);
        const read = one % (events.length + 1);
        const heardFrom = other % (read + 1);
        const snapshot = whole(after[read] as Message[]);
        const folded = events.slice(heardFrom).reduce(fold, snapshot);
        expect(folded.messages).toEqual(after.at(-1));
      }),
    );
  });

  test("leaves a stretch in the middle of the history without a hole", () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 40 }), fc.nat(), (acts, cut) => {
        const { events, after } = history(acts);
        const read = cut % (events.length + 1);
        const part = (after[read] as Message[]).slice(0, 3);
        const folded = events.slice(read).reduce(fold, { messages: part, fromStart: true, toEnd: false });
        expect(folded.messages).toEqual(
          (after.at(-1) as Message[]).filter((one) => part.some(({ id }) => id === one.id)),
        );
      }),
    );
  });

  test("changes nothing for an event that is withheld", () => {
    const timeline = whole([]);
    expect(fold(timeline, { type: "withheld", seq: 1, conversation_id: 1 })).toBe(timeline);
  });
});

test("numbers come from the message or from the change", () => {
  const { events } = history([
    { do: "say", by: 1 },
    { do: "react", by: 2, at: 0, emoji: "👍" },
  ]);
  expect(events.map(numberOf)).toEqual([1, 2]);
});

test("pages join in order, and the same message stands once", () => {
  const { after } = history([1, 2, 3, 1, 2].map((by) => ({ do: "say", by }) as const));
  const all = after.at(-1) as Message[];
  const joined = join({ ...EMPTY, messages: all.slice(2) }, all.slice(0, 3));
  expect(joined.messages).toEqual(all);
});
