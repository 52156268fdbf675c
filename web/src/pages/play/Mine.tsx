import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { latest } from "../../play/plays";
import { NotThere } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { ask } from "../../wire/http";
import { Ghosts } from "../draws/DrawsPage";
import { Achievements } from "./Achievements";
import { Charts, type Span } from "./Charts";
import { Figures } from "./Figures";
import { type Game, GameChoice } from "./GameChoice";
import { History } from "./History";

/** As many as the server tells at once. */
const RECENT = 100;

function useFound(game: Game, days: Span) {
  const query = { ...(game && { game }) };
  // A play of one's own, in whatever tab, changes all of it.
  const news = latest.value;
  return useAsked(
    async () => {
      const [recent, now, of_all, achievements, by_day] = await Promise.all([
        ask("get", "/api/game/history", { query: { ...query, limit: RECENT } }),
        ask("get", "/api/game/statistics", { query }),
        ask("get", "/api/game/statistics"),
        ask("get", "/api/game/achievements"),
        ask("get", "/api/game/statistics/days", { query: { ...query, days } }),
      ]);
      return { recent, now, of_all, achievements, by_day };
    },
    [],
    [game, days, news],
  );
}

export function Mine() {
  const [game, setGame] = useState<Game>(null);
  const [span, setSpan] = useState<Span>(30);
  const { value: found, trouble, again } = useFound(game, span);
  if (!found) return trouble ? <NotThere trouble={trouble} again={again} /> : <Ghosts />;
  const { recent, now, of_all, achievements, by_day } = found;
  if (!of_all.total_games)
    return (
      <section class="stage">
        <p>{t("play.history.none")}</p>
        <a class="button" href="/play/number">
          {t("play.first")}
        </a>
      </section>
    );
  return (
    <>
      <section class="block" aria-labelledby="stats">
        <div class="block-head">
          <h2 id="stats">{t("play.stats")}</h2>
          <GameChoice chosen={game} choose={setGame} />
        </div>
        <Figures now={now} />
        <Charts days={by_day} recent={recent} span={span} choose={setSpan} />
      </section>
      <Achievements all={achievements} now={of_all} />
      <History key={game} recent={recent} game={game} />
    </>
  );
}
