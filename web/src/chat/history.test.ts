import { describe, expect, test } from "vitest";
import type { Message } from "../wire/shapes";
import { History, PAGE } from "./history";

const said = (id: number, content = `number ${id}`): Message => ({
  id,
  sender_id: 1,
  sender: "ada",
  content,
  timestamp: new Date(id * 1000).toISOString(),
  client_id: `c-${id}`,
});

/** A conversation of so many messages, read as the server's API reads it; `during` happens before an answer is there. */
function conversation(count: number, during: () => void = () => {}) {
  const all = Array.from({ length: count }, (_, index) => said(index + 1));
  return new History(async ({ before, after, around, limit }) => {
    const page =
      before !== undefined
        ? all.filter((one) => one.id < before).slice(-limit)
        : after !== undefined
          ? all.filter((one) => one.id > after).slice(0, limit)
          : around !== undefined
            ? [
                ...all.filter((one) => one.id < around).slice(-limit / 2),
                ...all.filter((one) => one.id >= around).slice(0, limit / 2),
              ]
            : all.slice(-limit);
    during();
    return page;
  });
}

const ids = (history: History) => history.timeline.value.messages.map((one) => one.id);
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("history", () => {
  test("begins with the newest, and grows to the start", async () => {
    const history = conversation(2 * PAGE + 10);
    await history.latest();
    expect(ids(history)).toEqual(from(61, 110));
    await history.earlier();
    await history.earlier();
    expect(ids(history)).toEqual(from(1, 110));
    expect(history.timeline.value.fromStart).toBe(true);
  });

  test("opens around a message, and grows both ways", async () => {
    const history = conversation(300);
    await history.around(150);
    expect(ids(history)).toEqual(from(125, 174));
    expect(history.timeline.value).toMatchObject({ fromStart: false, toEnd: false });
    await history.later();
    await history.earlier();
    expect(ids(history)).toEqual(from(75, 224));
  });

  test("lets go of the far end, and finds it again", async () => {
    const history = conversation(1000);
    await history.latest();
    for (let page = 0; page < 9; page++) await history.earlier();
    expect(history.timeline.value.messages).toHaveLength(400);
    expect(history.timeline.value.toEnd).toBe(false);
    for (let page = 0; page < 3; page++) await history.later();
    expect(ids(history)).toEqual(from(601, 1000));
    expect(history.timeline.value.toEnd).toBe(true);
  });

  test("a change that comes while a page is on its way is not lost", async () => {
    const history: History = conversation(60, () =>
      history.apply({
        type: "edited",
        seq: 61,
        conversation_id: 1,
        message_id: 60,
        actor_id: 1,
        timestamp: "2026-01-01T00:00:00Z",
        client_id: "e",
        message: "another text",
      }),
    );
    await history.latest();
    expect(history.timeline.value.messages.at(-1)?.content).toBe("another text");
  });

  test("a message that comes while the newest are on their way stands at the end", async () => {
    const { id, content, ...rest } = said(61);
    const history: History = conversation(60, () =>
      history.apply({ type: "message", message_id: id, message: content, conversation_id: 1, ...rest }),
    );
    await history.latest();
    expect(ids(history)).toEqual(from(11, 61));
  });
});
