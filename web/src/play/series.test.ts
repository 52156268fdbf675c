import { describe, expect, it } from "vitest";
import { grown, progress, runningTotal, spread } from "./series";

describe("a running total", () => {
  it("adds cents, which floats would round", () => {
    expect(runningTotal([{ prize: 0.1 }, { prize: 0.2 }, { prize: 0 }])).toEqual([0.1, 0.3, 0.3]);
  });
});

describe("a spread of prizes", () => {
  it("puts each into the step that it reaches", () => {
    expect(spread([0, 0.1, 99.99, 100, 2_499, 2_500, 7_000])).toEqual([1, 2, 1, 0, 1, 2]);
  });
});

describe("progress", () => {
  const counted = { total_games: 124, wins: 60, best_win_streak: 8, best_day_streak: 3, best_prize: 6812.4 };

  it("ends at its goal", () => {
    expect(progress("hundred_plays", counted)).toEqual({ have: 100, want: 100 });
    expect(progress("ten_wins", counted)).toEqual({ have: 8, want: 10 });
  });

  it("is unknown for what this page does not know", () => {
    expect(progress("world_champion", counted)).toBeUndefined();
  });
});

describe("a history that grows", () => {
  const plays = (...ids: number[]) => ids.map((id) => ({ id }));

  it("keeps what was read before", () => {
    expect(grown(plays(9, 8, 7), plays(8, 7, 6, 5))).toEqual(plays(9, 8, 7, 6, 5));
  });

  it("begins anew where plays are missing between", () => {
    expect(grown(plays(9, 8, 7), plays(5, 4))).toEqual(plays(9, 8, 7));
  });
});
