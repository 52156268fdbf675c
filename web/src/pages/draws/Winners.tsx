import { witnessed } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import type { Draw, MyBallot } from "../../wire/shapes";

/** Who has won, in order of prizes. Of a draw that was just seen to happen, one after the other. */
export function Winners({ draw, mine }: { draw: Draw; mine: readonly MyBallot[] }) {
  const fresh = witnessed.value.has(`${draw.lottery}/${draw.number}`);
  const ballots = mine.filter((ballot) => ballot.number === draw.number);
  const own = new Set(ballots.map((ballot) => ballot.id));
  const won = draw.winners.some((winner) => own.has(winner.ballot_id));
  if (draw.state === "void") return <p class="void">{t("draws.void.text")}</p>;
  if (draw.state !== "drawn") return null;
  if (!draw.winners.length) return <p class="note">{t("draws.nobody")}</p>;
  return (
    <section class="winners" data-fresh={fresh} aria-label={t("draws.winners")}>
      {(fresh || own.size > 0) && (
        <p class="winners-news" data-won={won}>
          {t(won ? "draws.youWon" : own.size ? "draws.youLost" : "draws.justDrawn")}
        </p>
      )}
      <ol>
        {draw.winners.map((winner) => (
          <li
            key={winner.prize}
            class={`winner reveal-${Math.min(winner.prize, 6)}`}
            data-own={own.has(winner.ballot_id)}
          >
            <Rosette place={winner.prize + 1} />
            <span class="winner-who">
              {own.has(winner.ballot_id)
                ? t("draws.winner.you")
                : (winner.username ?? t("draws.winner.anonymous"))}
            </span>
            <span class="winner-ballot">
              {t("draws.prize", { number: winner.prize + 1 })} · <code>{winner.ballot_id.slice(-8)}</code>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const PETALS = Array.from({ length: 12 }, (_, n) => n * 30);

export function Rosette({ place }: { place: number | string }) {
  return (
    <svg class="rosette" viewBox="-24 -24 48 48" aria-hidden="true">
      {PETALS.map((turn) => (
        <ellipse key={turn} cx="0" cy="-15" rx="5" ry="7.5" transform={`rotate(${turn})`} />
      ))}
      <circle r="15" />
      <text y="5.5" text-anchor="middle">
        {place}
      </text>
    </svg>
  );
}
