import { describe, expect, it } from "vitest";
import type { Notification } from "../wire/shapes";
import { added, destination, extended, marked } from "./list";

const NOW = "2026-11-21T12:00:00Z";

function notice(id: number, more: Partial<Notification> = {}): Notification {
  return { id, kind: "mention", conversation_id: null, body: {}, created_at: NOW, read_at: null, ...more };
}

describe("the list of notifications", () => {
  const list = [notice(3), notice(2), notice(1)];

  it("takes what is new to its beginning, once", () => {
    const longer = added(list, notice(4));
    expect(longer.map((one) => one.id)).toEqual([4, 3, 2, 1]);
    expect(added(longer, notice(4))).toBe(longer);
  });

  it("takes older ones to its end, and none twice", () => {
    expect(extended(list, [notice(1), notice(0)]).map((one) => one.id)).toEqual([3, 2, 1, 0]);
  });

  it("knows what was read up to one, or by id, and keeps when the others were", () => {
    const read = marked(list, { up_to_id: 2, ids: [] }, NOW);
    expect(read.map((one) => one.read_at)).toEqual([null, NOW, NOW]);
    const later = marked(read, { up_to_id: null, ids: [3, 2] }, "later");
    expect(later.map((one) => one.read_at)).toEqual(["later", NOW, NOW]);
  });
});

describe("where a notification leads", () => {
  it("is the message, or its conversation", () => {
    expect(destination(notice(1, { conversation_id: 7, body: { message_id: 31 } }))).toBe("/c/7/31");
    expect(destination(notice(1, { conversation_id: 7 }))).toBe("/c/7");
  });

  it("is the person, or their request", () => {
    expect(destination(notice(1, { kind: "friend_request", body: { user_id: 2 } }))).toBe("/people/requests");
    expect(destination(notice(1, { kind: "friend_accepted", body: { user_id: 2 } }))).toBe("/people/2");
  });

  it("is nowhere for what we do not know of yet", () => {
    expect(destination(notice(1, { kind: "of_tomorrow" }))).toBeUndefined();
  });
});
