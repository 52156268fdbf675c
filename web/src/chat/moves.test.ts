import { expect, test } from "vitest";
import { asked } from "./moves";

test("what a move needs is asked for, and what may be left out is not", () => {
  const properties = {
    nonce: { type: "string" },
    side: { enum: ["over", "under"] },
    number: { type: "integer", minimum: 1, maximum: 9 },
  };
  const schema = { $ref: "#/$defs/Move", $defs: { Move: { properties, required: ["side", "number"] } } };
  expect(asked(schema)).toEqual([
    { name: "side", choices: ["over", "under"] },
    { name: "number", least: 1, most: 9 },
  ]);
});

test("a game that asks for something else is not played from a card", () => {
  expect(asked({ properties: { word: { type: "string" } }, required: ["word"] })).toBeUndefined();
  expect(asked({})).toBeUndefined();
});
