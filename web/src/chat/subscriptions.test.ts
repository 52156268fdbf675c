import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Told } from "../wire/shapes";
import { Subscriptions } from "./subscriptions";

let told: Told[];
let positions: Map<number, number>;
let subscriptions: Subscriptions;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  positions = new Map([
    [4, 17],
    [5, 3],
  ]);
  const tell = (frame: Told) => told.push(frame) > 0;
  subscriptions = new Subscriptions(tell, (id) => positions.get(id));
});

afterEach(() => {
  vi.useRealTimers();
});

it("asks for all of them at once, from the last that was heard of each", () => {
  subscriptions.resume([4, 5]);
  expect(told).toEqual([{ type: "resume", positions: { 4: 17, 5: 3 } }]);
});

it("asks for very many in several frames", () => {
  const ids = Array.from({ length: 1000 }, (_, at) => at + 1);
  positions = new Map(ids.map((id) => [id, 0]));
  subscriptions.resume(ids);
  const asked = told.map((frame) => Object.keys((frame as Extract<Told, { type: "resume" }>).positions));
  expect(asked.map((some) => some.length)).toEqual([400, 400, 200]);
  expect(asked.flat().map(Number)).toEqual(ids);
});

it("asks again for what was put off, from where it is by then", () => {
  subscriptions.putOff(4, 2);
  vi.advanceTimersByTime(1999);
  expect(told).toEqual([]);
  positions.set(4, 18);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([{ type: "subscribe", conversation_id: 4, after: 18 }]);
});

it("asks once for what was put off twice", () => {
  subscriptions.putOff(4, 1);
  subscriptions.putOff(4, 1);
  vi.advanceTimersByTime(5000);
  expect(told).toHaveLength(1);
});

it("asks for nothing again that it has asked for on a new socket", () => {
  subscriptions.putOff(4, 1);
  subscriptions.resume([4]);
  vi.advanceTimersByTime(5000);
  expect(told.map((frame) => frame.type)).toEqual(["resume"]);
});

it("asks for nothing that was left meanwhile", () => {
  subscriptions.putOff(4, 1);
  positions.delete(4);
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([]);
});
