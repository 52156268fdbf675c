import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { png, shapesOf } from "./icons.ts";

const SVG = readFileSync(new URL("../public/icon.svg", import.meta.url), "utf8");

it("draws every shape of our icon", () => {
  const shapes = shapesOf(SVG);
  expect(shapes).toHaveLength([...SVG.matchAll(/<(?!svg|\/)/g)].length);
  expect(shapes[0]?.colour).toEqual([0x12, 0x38, 0x2c]);
  expect(shapes[0]?.holds(32, 32)).toBe(true);
  expect(shapes[0]?.holds(0.5, 0.5), "the corner is round").toBe(false);
});

it("packs pixels as PNG does", () => {
  const pixels = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  const file = png(pixels, 2);
  const length = file.readUInt32BE(33);
  expect([...inflateSync(file.subarray(41, 41 + length))]).toEqual([
    0,
    ...pixels.subarray(0, 8),
    0,
    ...pixels.subarray(8),
  ]);
});
