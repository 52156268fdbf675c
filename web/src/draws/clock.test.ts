import { expect, it } from "vitest";
import { isOver, left } from "./clock";

const at = Date.parse("2026-11-21T08:00:00Z");

it("counts down to a draw", () => {
  expect(left("2026-11-21T08:05:09Z", at)).toEqual({ days: 0, clock: "5:09" });
  expect(left("2026-11-21T09:05:09Z", at)).toEqual({ days: 0, clock: "1:05:09" });
  expect(left("2026-11-23T08:00:01Z", at)).toEqual({ days: 2, clock: "0:00:01" });
});

it("never shows less than nothing", () => {
  expect(left("2026-11-21T07:59:00Z", at)).toEqual({ days: 0, clock: "0:00" });
});

it("takes a draw for closed as soon as its time is over", () => {
  const draw = { state: "open", closes_at: "2026-11-21T08:00:00Z" };
  expect([isOver(draw, at - 1), isOver(draw, at), isOver({ ...draw, state: "drawn" }, at - 1)]).toEqual([
    false,
    true,
    true,
  ]);
});
