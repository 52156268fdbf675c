import { expect, it } from "vitest";
import { left } from "./clock";

const at = Date.parse("2026-11-21T08:00:00Z");

it("counts down to a draw", () => {
  expect(left("2026-11-21T08:05:09Z", at)).toEqual({ days: 0, clock: "5:09" });
  expect(left("2026-11-21T09:05:09Z", at)).toEqual({ days: 0, clock: "1:05:09" });
  expect(left("2026-11-23T08:00:01Z", at)).toEqual({ days: 2, clock: "0:00:01" });
});

it("never shows less than nothing", () => {
  expect(left("2026-11-21T07:59:00Z", at)).toEqual({ days: 0, clock: "0:00" });
});
