import { expect, it } from "vitest";
import { beginning, dated, dateIn, moved } from "./periods";

it("takes nothing for a date that is none", () => {
  expect(["2026-11-20", "2026-02-30", "0000-01-01", "today", null].map(dateIn)).toEqual([
    "2026-11-20",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("begins weeks on Mondays", () => {
  expect(beginning("week", "2026-11-16")).toBe("2026-11-16");
  expect(beginning("week", "2026-11-22")).toBe("2026-11-16");
  expect(beginning("day", "2026-11-22")).toBe("2026-11-22");
});

it("goes from one to the next, over the ends of months and years", () => {
  expect(moved("day", "2026-03-01", -1)).toBe("2026-02-28");
  expect(moved("week", "2027-01-02", -1)).toBe("2026-12-21");
  expect(moved("week", "2026-11-22", 1)).toBe("2026-11-23");
});

it("says when it was, as people say it", () => {
  const today = "2026-11-21";
  expect(dated("day", "2026-11-20", today, "en-GB")).toBe("20 November");
  expect(dated("day", "2025-11-20", today, "uk")).toBe("20 листопада 2025 р.");
  expect(dated("week", "2026-11-20", today, "ru").replace(/\s/g, " ")).toBe("16–22 ноября");
});
