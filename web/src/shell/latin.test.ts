import { expect, test } from "vitest";
import { latin } from "./latin";

test("a Latin layout says itself what was pressed, wherever its letters are", () => {
  expect(latin({ key: "r", code: "KeyR" })).toBe("r");
  expect(latin({ key: "R", code: "KeyR" })).toBe("r");
  expect(latin({ key: "a", code: "KeyQ" })).toBe("a");
  expect(latin({ key: "ArrowUp", code: "ArrowUp" })).toBe("ArrowUp");
});

test("on a Cyrillic layout the place decides", () => {
  expect(latin({ key: "к", code: "KeyR" })).toBe("r");
  expect(latin({ key: "Л", code: "KeyK" })).toBe("k");
  expect(latin({ key: "і", code: "KeyS" })).toBe("s");
});

test("where Cyrillic layouts have their full stop, others have the slash", () => {
  expect(latin({ key: ".", code: "Slash" })).toBe("/");
  expect(latin({ key: ",", code: "Slash" })).toBe("?");
  expect(latin({ key: "-", code: "Slash" })).toBe("-");
  expect(latin({ key: ".", code: "Period" })).toBe(".");
});
