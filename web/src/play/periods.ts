/** Days and weeks of leaderboards, as dates without a time: the server says in which zone they are. Pure. */

export type Period = "day" | "week" | "all";

const DAY_MS = 86_400_000;
const LENGTH = { day: 1, week: 7 } as const;
const MONDAY = 1;

/** What an address says, or nothing where it is no date. */
export function dateIn(text: string | null): string | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(`${text}T00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && isoDate(time) === text && time > 0 ? text : undefined;
}

/** The first day of the period with this one. */
export function beginning(period: "day" | "week", day: string): string {
  const time = Date.parse(day);
  const since = period === "week" ? (new Date(time).getUTCDay() - MONDAY + 7) % 7 : 0;
  return isoDate(time - since * DAY_MS);
}

/** So many periods later, or earlier. */
export function moved(period: "day" | "week", day: string, by: number): string {
  return isoDate(Date.parse(beginning(period, day)) + by * LENGTH[period] * DAY_MS);
}

/** 20 November, or 16 – 22 November; with the year where it is not this one's. */
export function dated(period: "day" | "week", day: string, today: string, locale: string): string {
  const first = beginning(period, day);
  const last = moved(period, first, 1);
  const year = first.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  const words = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC", ...year });
  return words.formatRange(Date.parse(first), Date.parse(last) - DAY_MS);
}

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
