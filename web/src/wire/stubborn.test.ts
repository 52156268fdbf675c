import { describe, expect, it } from "vitest";
import { Refusal, Unreachable } from "./http";
import { randomHex, stubbornly } from "./stubborn";

function failing(...errors: Error[]) {
  let asked = 0;
  const act = async () => {
    const error = errors[asked++];
    if (error) throw error;
    return asked;
  };
  return act;
}
const now = async () => {};

describe("what must happen once", () => {
  it("is asked for again while nobody answers", async () => {
    let waits = 0;
    const act = failing(new Unreachable(), new Refusal(503, "unconfirmed", "", null));
    expect(await stubbornly(act, () => waits++, now)).toBe(3);
    expect(waits).toBe(2);
  });

  it("is not asked for again after a no", async () => {
    const no = new Refusal(409, "draw_closed", "", null);
    await expect(stubbornly(failing(no), () => {}, now)).rejects.toBe(no);
  });

  it("ends at some time", async () => {
    const act = failing(...Array.from({ length: 20 }, () => new Unreachable()));
    await expect(stubbornly(act, () => {}, now)).rejects.toBeInstanceOf(Unreachable);
  });

  it("has random names", () => {
    expect(randomHex()).toMatch(/^[0-9a-f]{64}$/);
    expect(randomHex()).not.toBe(randomHex());
  });
});
