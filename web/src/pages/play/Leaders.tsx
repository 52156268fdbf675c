import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { hear, link, tell } from "../../live/live";
import { myId } from "../../session/session";
import { Button } from "../../ui/form";
import { ask } from "../../wire/http";
import type { Leaderboard } from "../../wire/shapes";
import { Ghosts } from "../draws/DrawsPage";
import { money } from "./money";

const PERIODS = ["day", "week", "all"] as const;
const GAMES = [null, "number", "dice"] as const;
const WHO = ["top", "around", "friends"] as const;
type Period = (typeof PERIODS)[number];
type Game = (typeof GAMES)[number];
type Who = (typeof WHO)[number];

function readBoard(who: Who, period: Period, game: Game): Promise<Leaderboard> {
  const query = { period, ...(game && { game }) };
  if (who === "around") return ask("get", "/api/game/leaderboard/around-me", { query });
  if (who === "friends") return ask("get", "/api/game/leaderboard/friends", { query });
  return ask("get", "/api/game/leaderboard", { query });
}

export function Leaders() {
  const [period, setPeriod] = useState<Period>("week");
  const [game, setGame] = useState<Game>(null);
  const [who, setWho] = useState<Who>("top");
  const [board, setBoard] = useState<Leaderboard | null>();
  const [attempt, setAttempt] = useState(0);
  const state = link.value;

  useEffect(() => {
    let wanted = true;
    const read = () =>
      readBoard(who, period, game).then(
        (found) => wanted && setBoard(found),
        () => wanted && setBoard((known) => known ?? null),
      );
    void read();
    if (state === "open") tell({ type: "watch_leaderboards", boards: [{ period, game }] });
    // What the socket tells are the first places; the other views are read anew when those change.
    const deaf = [hear("leaderboard", () => void read()), hear("leaderboard_place", () => void read())];
    return () => {
      wanted = false;
      for (const stop of deaf) stop();
      tell({ type: "watch_leaderboards", boards: [] });
    };
  }, [period, game, who, state, attempt]);

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
        <Choice
          label={t("play.board.game")}
          all={GAMES}
          chosen={game}
          choose={setGame}
          name={(one) => (one ? t(`play.${one}`) : t("play.board.games"))}
        />
      </div>
      {board === undefined && <Ghosts />}
      {board === null && (
        <div class="pane-note" role="alert">
          <p>{t("play.trouble")}</p>
          <Button kind="quiet" onClick={() => setAttempt(attempt + 1)}>
            {t("again")}
          </Button>
        </div>
      )}
      {board && <Board board={board} />}
      <p class="note">{t("play.board.live")}</p>
    </section>
  );
}

interface Choosing<T> {
  label: string;
  all: readonly T[];
  chosen: T;
  choose: (one: T) => void;
  name: (one: T) => string;
}

function Choice<T extends string | null>({ label, all, chosen, choose, name }: Choosing<T>) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="radio" name={label} checked={one === chosen} onChange={() => choose(one)} />
          <span>{name(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Board({ board }: { board: Leaderboard }) {
  if (!board.places.length) return <p class="pane-note">{t("play.board.none")}</p>;
  const me = board.me;
  const below = me && !board.places.some((place) => place.user_id === me.user_id);
  return (
    <table class="board">
      <thead>
        <tr>
          <th scope="col">{t("play.board.place")}</th>
          <th scope="col">{t("play.board.name")}</th>
          <th scope="col">{t("play.board.prize")}</th>
        </tr>
      </thead>
      <tbody>
        {[...board.places, ...(below ? [me] : [])].map((place) => (
          <tr key={place.user_id} data-own={place.user_id === myId.value}>
            <td>
              <span class="rank" data-rank={place.rank}>
                {place.rank}
              </span>
            </td>
            <td>{place.username}</td>
            <td>{money(place.total_prize)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
