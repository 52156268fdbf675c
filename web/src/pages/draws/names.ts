import { lotteries } from "../../draws/draws";
import { locale, t } from "../../i18n/i18n";
import { dayName, fully } from "../../i18n/times";
import type { Draw, Lottery } from "../../wire/shapes";

/** What a lottery is called: by its title, once the list was read, or by a name of ours for those that are always there. */
export function lotteryName(name: string): string {
  const title = lotteries.value?.find((one) => one.name === name)?.title;
  if (title) return title;
  if (name === "daily") return t("draws.name.daily");
  if (name === "minute") return t("draws.name.minute");
  return name;
}

export function cadence(lottery: Lottery): string {
  const [kind, size] = lottery.cadence.split(":");
  if (kind === "minutes" && size === "1") return t("draws.cadence.minute");
  if (kind === "minutes") return t("draws.cadence.minutes", { count: Number(size) });
  return t(kind === "weekly" ? "draws.cadence.weekly" : "draws.cadence.daily");
}

export function addressOf(draw: Pick<Draw, "lottery" | "number">): string {
  return `/draws/${draw.lottery}/${draw.number}`;
}

export function checkOf(draw: Pick<Draw, "lottery" | "number">): string {
  return `/check?lottery=${draw.lottery}&draw=${draw.number}`;
}

export const STATES = {
  open: "draws.state.open",
  closed: "draws.state.closed",
  drawn: "draws.state.drawn",
  void: "draws.state.void",
} as const;

/** Which draw it is, in one line. */
export function drawName(draw: Pick<Draw, "number" | "period">): string {
  return t("draws.for", { number: draw.number, period: periodInside(draw) });
}

/** Within other words: today, but Monday. A date stays on one line; its time may stand below it. */
export function periodInside(draw: Pick<Draw, "period">): string {
  const name = periodName(draw);
  return name === t("day.today") || name === t("day.yesterday")
    ? name.toLocaleLowerCase(locale.value)
    : name.replace(/\s(?!\d{1,2}:)/g, "\u00a0");
}

/** What a draw is for, as people say it: a day, a week, or a time. */
export function periodName({ period }: Pick<Draw, "period">): string {
  if (period.includes("T")) return fully(period);
  return period.includes("W") ? period : dayName(`${period}T12:00:00`);
}
