import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { hear, link, tell } from "../../live/live";
import { beginning, dateIn, type Period } from "../../play/periods";
import { navigate, query } from "../../shell/router";
import { NotThere } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { Button } from "../../ui/form";
import { ask } from "../../wire/http";
import type { Leaderboard } from "../../wire/shapes";
import { Ghosts } from "../draws/DrawsPage";
import { Board } from "./Board";
import { Choice } from "./Choice";
import { GAMES, type Game, GameChoice } from "./GameChoice";
import { When } from "./When";

const PERIODS = ["day", "week", "all"] as const;
const WHO = ["top", "around", "friends"] as const;
type Who = (typeof WHO)[number];

const FEW = 10;
/** As many as the server tells at once. */
const MANY = 100;

interface Asked {
  readonly who: Who;
  readonly period: Period;
  readonly game: Game;
  /** A day of the past; nothing for the present. */
  readonly on: string | undefined;
}

const USUAL: Record<string, string> = { who: "top", period: "week" };

/** What the address asks for: so it is there again after a reload, and on the way back. */
function useAddress(): [Asked, (change: Partial<Asked>) => void] {
  const said = query.value;
  const one = <T,>(all: readonly T[], name: string) =>
    all.find((value) => value === (said.get(name) ?? USUAL[name] ?? null)) ?? (all[0] as T);
  const asked: Asked = {
    who: one(WHO, "who"),
    period: one(PERIODS, "period"),
    game: one(GAMES, "game"),
    on: dateIn(said.get("on")),
  };
  const go = (change: Partial<Asked>) => {
    const wanted = Object.entries({ ...asked, ...change }).filter(
      ([name, value]) => value && value !== USUAL[name],
    );
    const search = new URLSearchParams(wanted as [string, string][]).toString();
    navigate(`/play/leaders${search && `?${search}`}`);
  };
  return [asked, go];
}

/** By the server's calendar. This device's is only as good until the server has said. */
function useToday(): string {
  const { value } = useAsked(() =>
    ask("get", "/api/game/leaderboard", { query: { period: "day", limit: 1 } }),
  );
  return value?.board.starts_on ?? new Date().toLocaleDateString("sv");
}

function readBoard({ who, period, game, on }: Asked, limit: number): Promise<Leaderboard> {
  const query = { period, ...(game && { game }), ...(on && { on }) };
  if (who === "around") return ask("get", "/api/game/leaderboard/around-me", { query });
  if (who === "friends")
    return ask("get", "/api/game/leaderboard/friends", { query: { ...query, limit: MANY } });
  return ask("get", "/api/game/leaderboard", { query: { ...query, limit } });
}

/** How often the socket has told of a change since the board was opened. What is past is not watched. */
function useNews(period: Period, game: Game, past: boolean): number {
  const [news, setNews] = useState(0);
  const state = link.value;
  useEffect(() => {
    if (state !== "open" || past) return;
    tell({ type: "watch_leaderboards", boards: [{ period, game }] });
    // What the socket tells are the first places; the other views are read anew when those change.
    const count = () => setNews((before) => before + 1);
    const deaf = [hear("leaderboard", count), hear("leaderboard_place", count)];
    return () => {
      for (const stop of deaf) stop();
      tell({ type: "watch_leaderboards", boards: [] });
    };
  }, [period, game, past, state]);
  return news;
}

export function Leaders() {
  const [asked, go] = useAddress();
  const { who, period, game } = asked;
  const [limit, setLimit] = useState(FEW);
  const today = useToday();
  const past = period !== "all" && asked.on && beginning(period, asked.on) < beginning(period, today);
  const on = past ? asked.on : undefined;
  const news = useNews(period, game, !!on);
  const { value, trouble, again } = useAsked(
    () => readBoard({ ...asked, on }, limit),
    [who, period, game, on],
    [limit, news],
  );
  return (
    <section class="block" aria-label={t("play.leaders")}>
      <div class="filters">
        <Choice
          label={t("play.board.who")}
          all={WHO}
          chosen={who}
          choose={(who) => go({ who })}
          name={(one) => t(`play.board.${one}`)}
        />
        <Choice
          label={t("play.board.period")}
          all={PERIODS}
          chosen={period}
          choose={(period) => go({ period, ...(period === "all" && { on: undefined }) })}
          name={(one) => t(`play.board.${one}`)}
        />
        <GameChoice chosen={game} choose={(game) => go({ game })} />
      </div>
      {period !== "all" && <When period={period} on={on ?? today} today={today} go={(on) => go({ on })} />}
      {value ? (
        <Board board={value} past={!!on} />
      ) : trouble ? (
        <NotThere trouble={trouble} again={again} />
      ) : (
        <Ghosts />
      )}
      {who === "top" && limit < MANY && (value?.players ?? 0) > limit && (
        <Button kind="plain" onClick={() => setLimit(MANY)}>
          {t("play.more")}
        </Button>
      )}
      {!on && <p class="note">{t("play.board.live")}</p>}
    </section>
  );
}
