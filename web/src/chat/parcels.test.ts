import { expect, test } from "vitest";
import { fitted } from "./parcels";

const box = { width: 320, height: 320 };

test("a picture keeps its proportions and never grows", () => {
  expect(fitted({ width: 1600, height: 1200 }, box)).toEqual({ width: 320, height: 240 });
  expect(fitted({ width: 600, height: 1200 }, box)).toEqual({ width: 160, height: 320 });
  expect(fitted({ width: 48, height: 20 }, box)).toEqual({ width: 48, height: 20 });
  expect(fitted({ width: 10_000, height: 3 }, box)).toEqual({ width: 320, height: 1 });
});
