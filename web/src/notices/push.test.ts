import { describe, expect, it } from "vitest";
import { keyBytes, sameBytes } from "./push";

describe("a key of the server", () => {
  it("is base64url without padding", () => {
    expect([...keyBytes("-_8BAg")]).toEqual([0xfb, 0xff, 0x01, 0x02]);
  });

  it("is the same by its bytes alone", () => {
    const key = keyBytes("-_8BAg");
    expect(sameBytes(key.slice().buffer, key)).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2, 3, 4).buffer, key)).toBe(false);
    expect(sameBytes(null, key)).toBe(false);
  });
});
