import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { hear, link, tell } from "../../live/live";
import { NotThere } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { Button } from "../../ui/form";
import { ask } from "../../wire/http";
import type { Leaderboard } from "../../wire/shapes";
import { Ghosts } from "../draws/DrawsPage";
import { Board } from "./Board";
import { Choice } from "./Choice";
import { type Game, GameChoice } from "./GameChoice";

const PERIODS = ["day", "week", "all"] as const;
const WHO = ["top", "around", "friends"] as const;
type Period = (typeof PERIODS)[number];
type Who = (typeof WHO)[number];

const FEW = 10;
/** As many as the server tells at once. */
const MANY = 100;

function readBoard(who: Who, period: Period, game: Game, limit: number): Promise<Leaderboard> {
  const query = { period, ...(game && { game }) };
  if (who === "around") return ask("get", "/api/game/leaderboard/around-me", { query });
  if (who === "friends")
    return ask("get", "/api/game/leaderboard/friends", { query: { ...query, limit: MANY } });
  return ask("get", "/api/game/leaderboard", { query: { ...query, limit } });
}

/** How often the socket has told of a change since the board was opened. */
function useNews(period: Period, game: Game): number {
  const [news, setNews] = useState(0);
  const state = link.value;
  useEffect(() => {
    if (state !== "open") return;
    tell({ type: "watch_leaderboards", boards: [{ period, game }] });
    // What the socket tells are the first places; the other views are read anew when those change.
    const count = () => setNews((before) => before + 1);
    const deaf = [hear("leaderboard", count), hear("leaderboard_place", count)];
    return () => {
      for (const stop of deaf) stop();
      tell({ type: "watch_leaderboards", boards: [] });
    };
  }, [period, game, state]);
  return news;
}

export function Leaders() {
  const [period, setPeriod] = useState<Period>("week");
  const [game, setGame] = useState<Game>(null);
  const [who, setWho] = useState<Who>("top");
  const [limit, setLimit] = useState(FEW);
  const news = useNews(period, game);
  const { value, trouble, again } = useAsked(
    () => readBoard(who, period, game, limit),
    [who, period, game],
    [limit, news],
  );
  return (
    <section class="block" aria-label={t("play.leaders")}>
      <div class="filters">
        <Choice
          label={t("play.board.who")}
          all={WHO}
          chosen={who}
          choose={setWho}
          name={(one) => t(`play.board.${one}`)}
        />
        <Choice
          label={t("play.board.period")}
          all={PERIODS}
          chosen={period}
          choose={setPeriod}
          name={(one) => t(`play.board.${one}`)}
        />
        <GameChoice chosen={game} choose={setGame} />
      </div>
      {value ? <Board board={value} /> : trouble ? <NotThere trouble={trouble} again={again} /> : <Ghosts />}
      {who === "top" && limit < MANY && (value?.players ?? 0) > limit && (
        <Button kind="plain" onClick={() => setLimit(MANY)}>
          {t("play.more")}
        </Button>
      )}
      <p class="note">{t("play.board.live")}</p>
    </section>
  );
}
