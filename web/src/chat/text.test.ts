import { expect, test } from "vitest";
import { partsOf } from "./text";

const NOBODY = new Set<string>();
const joined = (text: string) =>
  partsOf(text, new Set(["ben"]))
    .map((one) => one.text)
    .join("");

test("code stands as it was typed, without links or names in it", () => {
  expect(partsOf("see `a < b` now", NOBODY)).toEqual([
    { kind: "text", text: "see " },
    { kind: "code", text: "`a < b`", code: "a < b", block: false },
    { kind: "text", text: " now" },
  ]);
  const [block] = partsOf("```\nhttps://example.org @ben\n  x\n```", new Set(["ben"]));
  expect(block).toMatchObject({ kind: "code", code: "https://example.org @ben\n  x", block: true });
});

test("nothing that acts is a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,<b>", "<a href=x>", "https://"]) {
    expect(partsOf(text, NOBODY)).toEqual([{ kind: "text", text }]);
  }
});

test("the parts joined are the text", () => {
  for (const text of ["", "` `` ```", "a `b` https://x.org/`c` @ben.", "```x``` and `y`", "``` unfinished"]) {
    expect(joined(text)).toBe(text);
  }
});
