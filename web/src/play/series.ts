/** What plays add up to, as charts show it. Pure. */

import type { DayOfPlays, Statistics } from "../wire/shapes";

/** What was won until the end of each day, since the first of them. Summed in cents, so that nothing is rounded. */
export function runningTotal(days: readonly Pick<DayOfPlays, "prize">[]): number[] {
  let cents = 0;
  return days.map(({ prize }) => {
    cents += Math.round(prize * 100);
    return cents / 100;
  });
}

/** Prizes from each of these on, until the next. */
export const STEPS = [0.01, 100, 500, 1_000, 2_500] as const;

/** How many plays won nothing, and how many a prize of each step. */
export function spread(prizes: readonly number[]): number[] {
  const counts = Array.from({ length: STEPS.length + 1 }, () => 0);
  for (const prize of prizes) {
    const step = STEPS.filter((from) => prize >= from).length;
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

type Counted = Pick<
  Statistics,
  "total_games" | "wins" | "best_win_streak" | "best_day_streak" | "best_prize"
>;

/** What an achievement counts, and how much of it is enough: standings/achievements.py of the server. */
const GOALS: Readonly<Record<string, readonly [keyof Counted, number]>> = {
  first_play: ["total_games", 1],
  first_win: ["wins", 1],
  five_wins: ["best_win_streak", 5],
  ten_wins: ["best_win_streak", 10],
  hundred_plays: ["total_games", 100],
  thousand_plays: ["total_games", 1_000],
  week_of_days: ["best_day_streak", 7],
  month_of_days: ["best_day_streak", 30],
  jackpot: ["best_prize", 5_000],
};

/** How far somebody is on the way; nothing for an achievement that came later than this page. */
export function progress(name: string, counted: Counted): { have: number; want: number } | undefined {
  const [what, want] = GOALS[name] ?? [];
  return what && want ? { have: Math.min(want, Math.floor(counted[what] ?? 0)), want } : undefined;
}

/** The newest plays, and after them those that were read before, if none is missing between. */
export function grown<P extends { id: number }>(fresh: readonly P[], before: readonly P[]): P[] {
  const last = fresh.at(-1)?.id ?? 0;
  const joined = before.some((play) => play.id >= last);
  return joined ? [...fresh, ...before.filter((play) => play.id < last)] : [...fresh];
}
