import { expect, it } from "vitest";
import type { Draw, MyBallot } from "../wire/shapes";
import { allBallots, cursorsAfter, decided } from "./ballots";

const ballot = (id: string, more: Partial<MyBallot> = {}) =>
  ({ id, number: 1, state: "open", won: null, named: null, ...more }) as MyBallot;
const ids = (ballots: readonly MyBallot[]) => ballots.map((one) => one.id);

it("keeps ballots newest first, each as it was read last", () => {
  const joined = allBallots([ballot("c"), ballot("a")], [ballot("b"), ballot("c", { won: true })]);
  expect(ids(joined)).toEqual(["c", "b", "a"]);
  expect(joined[0]?.won).toBe(true);
});

it("reads on where it has got to, when the newest come once more", () => {
  const known = { mine: [ballot("c"), ballot("b"), ballot("a")], earlier: { all: "a" } };
  expect(cursorsAfter(known, "all", { ballots: [ballot("d"), ballot("c")], before: "c" })).toEqual({
    all: "a",
  });
});

it("reads on from the newest, when some are missing between", () => {
  const known = { mine: [ballot("a")], earlier: { all: null } };
  expect(cursorsAfter(known, "all", { ballots: [ballot("d"), ballot("c")], before: "c" })).toEqual({
    all: "c",
  });
});

it("begins the ballots of a draw by themselves, whatever else is known", () => {
  const known = { mine: [ballot("a")], earlier: { all: "a" } };
  expect(cursorsAfter(known, 7, { ballots: [ballot("a")], before: null })).toEqual({ all: "a", 7: null });
});

it("knows what has become of ballots as soon as their draw is held", () => {
  const draw = { number: 1, state: "drawn", winners: [{ ballot_id: "a" }] } as unknown as Draw;
  const [won, lost, other] = decided([ballot("a"), ballot("b"), ballot("c", { number: 2 })], draw);
  expect([won?.won, won?.named, lost?.won, other?.won]).toEqual([true, false, false, null]);
});
