import { expect, it, vi } from "vitest";

vi.mock("../live/live", () => ({ hear: () => {} }));

const { payout, percentOf } = await import("./plays");

it("knows what a number pays, as the guide says", () => {
  expect([300, 301, 600, 601, 900, 901, 9999].map(percentOf)).toEqual([10, 30, 30, 50, 50, 70, 70]);
});

it("knows what dice pay, as the guide says", () => {
  expect([50, 8, 1, 80, 16].map(payout)).toEqual([2, 12.5, 100, 1.25, 6.25]);
});
