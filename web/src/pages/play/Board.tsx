import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { calledBy, person, portrait } from "../../people/people";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import type { BoardPlace, Leaderboard } from "../../wire/shapes";

/** Places on a leaderboard; one's own stands below, where it is not among them. */
export function Board({ board: { me, places }, past }: { board: Leaderboard; past: boolean }) {
  if (!places.length) return <p class="pane-note">{t(past ? "play.board.none.then" : "play.board.none")}</p>;
  const below = me && !places.some((place) => place.user_id === me.user_id);
  return (
    <table class="board">
      <thead>
        <tr>
          <th scope="col">{t("play.board.place")}</th>
          <th scope="col">{t("play.board.name")}</th>
          <th scope="col" class="board-wins">
            {t("play.board.wins")}
          </th>
          <th scope="col">{t("play.board.prize")}</th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <Line key={place.user_id} place={place} />
        ))}
        {below && <Line place={me} below />}
      </tbody>
    </table>
  );
}

function Line({ place, below = false }: { place: BoardPlace; below?: boolean }) {
  const own = place.user_id === myId.value;
  const name = calledBy(place.user_id, place.username);
  return (
    <tr data-own={own} data-below={below}>
      <td>
        <span class="rank" data-rank={place.rank}>
          {place.rank}
        </span>
      </td>
      <td>
        <a class="board-name" href={own ? "/play/mine" : `/people/${place.user_id}`}>
          <Avatar id={place.user_id} name={name} picture={portrait(person(place.user_id))} size="s" />
          <span dir="auto">{name}</span>
          {own && <span class="hidden">{t("play.board.you")}</span>}
        </a>
      </td>
      <td class="board-wins">{t("play.stats.of", { wins: place.wins, games: place.games })}</td>
      <td>{money(place.total_prize)}</td>
    </tr>
  );
}
