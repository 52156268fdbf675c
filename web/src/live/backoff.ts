/** How long to wait before the next attempt. */

const FIRST_MS = 400;
const LONGEST_MS = 20_000;

/** Doubles from attempt 0 on, at most 20 s; anywhere in its upper half, so that clients of one dead server spread. */
export function pause(attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + random() / 2));
}
