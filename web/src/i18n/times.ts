/** Times and sizes as people say them. */

import { locale, t } from "./i18n";

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.value + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale.value, options);
    formats.set(key, found);
  }
  return found;
}

/** 14:05 */
export function clock(at: string): string {
  return format({ hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** Whole days from then to now, by this device's calendar. */
export function daysAgo(at: string, now = new Date()): number {
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  return Math.round((midnight(now) - midnight(new Date(at))) / DAY_MS);
}

/** Today, Yesterday, Monday, 3 May, 3 May 2024 */
export function dayName(at: string, now = new Date()): string {
  const ago = daysAgo(at, now);
  if (ago === 0) return t("day.today");
  if (ago === 1) return t("day.yesterday");
  const date = new Date(at);
  if (ago > 1 && ago < 7) return format({ weekday: "long" }).format(date);
  const sameYear = date.getFullYear() === now.getFullYear();
  return format({ day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}

/** As short as a list needs it: 14:05, Mon, 3 May, 03/05/24 */
export function shortly(at: string, now = new Date()): string {
  const ago = daysAgo(at, now);
  if (ago <= 0) return clock(at);
  const date = new Date(at);
  if (ago < 7) return format({ weekday: "short" }).format(date);
  if (date.getFullYear() === now.getFullYear())
    return format({ day: "numeric", month: "short" }).format(date);
  return format({ day: "2-digit", month: "2-digit", year: "2-digit" }).format(date);
}

/** Day and time, for a title or a table. */
export function fully(at: string): string {
  const said = format({ dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
  // The short word for a year stays with its number.
  return said.replace(/ (?=[гр]\.)/, "\u00a0");
}

/** 5 minutes ago, in 3 days */
export function relatively(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" }).format(
    Math.round(seconds / size),
    unit,
  );
}

/** 12 kB, 3.4 MB */
export function size(bytes: number): string {
  const [unit, scale] = bytes < 1e6 ? (["kilobyte", 1e3] as const) : (["megabyte", 1e6] as const);
  const digits = bytes / scale < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, maximumFractionDigits: digits }).format(
    Math.max(0.1, bytes / scale),
  );
}

/** 5 minutes, 1 hour: in whole ones of the largest unit that fits. */
export function lasting(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const;
  const [unit, size] = units.find(([, one]) => seconds >= one) ?? units[2];
  const words = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(locale.value, words).format(Math.round(seconds / size));
}
