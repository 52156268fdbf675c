import { describe, expect, it } from "vitest";
import type { BlockedPerson, Friend } from "../wire/shapes";
import { asked, befriended, blocked, dropped, NONE, parted, relation, unblocked } from "./ties";

const ME = 1;
const ben = {
  id: 2,
  username: "ben",
  first_name: "",
  last_name: "",
  since: "2026-11-21T00:00:00Z",
} as Friend;
const blockedBen: BlockedPerson = { ...ben, since: "2026-11-22T00:00:00Z" };

describe("what somebody is to us", () => {
  it("goes from a request to a friendship to nothing", () => {
    const waiting = asked(NONE, ben, false);
    expect(relation(waiting, ben.id, ME)).toBe("requested_by_them");
    const friends = befriended(waiting, ben);
    expect(relation(friends, ben.id, ME)).toBe("friend");
    expect(friends.received).toEqual([]);
    expect(relation(parted(friends, ben.id), ben.id, ME)).toBe("none");
  });

  it("is told by the side that a request is on", () => {
    const sent = asked(NONE, ben, true);
    expect(relation(sent, ben.id, ME)).toBe("requested_by_me");
    expect(dropped(sent, ben.id)).toEqual(NONE);
  });

  it("ends with a block, and does not come back with its end", () => {
    const shut = blocked(befriended(NONE, ben), blockedBen);
    expect(shut.friends).toEqual([]);
    expect(relation(shut, ben.id, ME)).toBe("blocked_by_me");
    expect(unblocked(shut, ben.id)).toEqual(NONE);
  });

  it("does not change when the same is heard again", () => {
    for (const change of [
      (ties: typeof NONE) => asked(ties, ben, true),
      (ties: typeof NONE) => befriended(ties, ben),
      (ties: typeof NONE) => blocked(ties, blockedBen),
    ])
      expect(change(change(NONE))).toEqual(change(NONE));
  });

  it("is oneself for oneself", () => {
    expect(relation(NONE, ME, ME)).toBe("self");
  });
});
