import { expect, test } from "vitest";
import { marked } from "./marking";

test("what was found is told apart from the rest", () => {
  expect(marked("The agenda for tomorrow", [[4, 10]])).toEqual([
    { text: "The ", hit: false },
    { text: "agenda", hit: true },
    { text: " for tomorrow", hit: false },
  ]);
});

test("places are counted in whole characters", () => {
  expect(marked("🎲🎲将棋", [[2, 4]])).toEqual([
    { text: "🎲🎲", hit: false },
    { text: "将棋", hit: true },
  ]);
});

test("a long text begins shortly before what was found", () => {
  const found = marked(`${"x".repeat(100)}here`, [[100, 104]]);
  expect(found.map((one) => one.text)).toEqual(["…", "x".repeat(20), "here"]);
});
