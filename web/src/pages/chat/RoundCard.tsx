import { useEffect, useState } from "preact/hooks";
import { readRound, roundOf } from "../../chat/rounds";
import { t } from "../../i18n/i18n";
import { calledBy } from "../../people/people";
import { myId } from "../../session/session";
import { later } from "../../ui/later";
import type { Card, Message } from "../../wire/shapes";
import { FactList, Frame, money } from "./Card";
import type { Talk } from "./talk";

const Picking = later(() => import("./Picking"));
/** The worker draws moments after the close. */
const DRAWN_MS = 1_500;

type Round = Extract<Card, { kind: "round" }>;

/** A round that the group plays together: open for picks, or how it ended. */
export function RoundCard({ card }: { card: Round; message: Message; talk: Talk }) {
  if (card.state === "open") return <OpenRound card={card} />;
  const drawn = card.state === "drawn";
  return (
    <Frame
      title={card.title}
      note={drawn ? t("round.drawn") : t("round.cancelled")}
      tone={drawn ? "won" : "lost"}
    >
      {drawn && card.outcome && <FactList facts={card.outcome} />}
      <p class="card-line">{t("round.picks", { count: card.picks })}</p>
      {drawn && <Top card={card} />}
    </Frame>
  );
}

function Top({ card }: { card: Round }) {
  const winners = (card.top ?? []).filter((one) => one.prize > 0);
  if (!winners.length) return <p class="card-line">{t("round.nobody")}</p>;
  return (
    <ol class="card-top">
      {winners.map((one) => (
        <li key={one.user_id}>
          <span class="card-place">{one.place}</span>
          <span class="card-name" dir="auto">
            {one.user_id === myId.value ? t("chat.you") : calledBy(one.user_id, `#${one.user_id}`)}
          </span>
          <span class="card-prize">{money(one.prize)}</span>
        </li>
      ))}
    </ol>
  );
}

function OpenRound({ card }: { card: Round }) {
  const left = useLeft(card.closes_at);
  const round = roundOf(card.round_id);
  const over = left <= 0 || (round !== undefined && round.state !== "open");
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    if (over && round?.state !== "open") return;
    const read = () =>
      readRound(card.round_id).then(
        () => setTrouble(false),
        () => setTrouble(true),
      );
    const timer = setTimeout(() => void read(), over ? DRAWN_MS : 0);
    return () => clearTimeout(timer);
  }, [card.round_id, over, round?.state]);
  const called_off = round?.state === "cancelled";
  const mine = round?.my_pick?.move as Record<string, unknown> | undefined;
  return (
    <Frame
      title={card.title}
      note={called_off ? t("round.cancelled") : over ? t("round.over") : t("round.open")}
      tone={over ? "lost" : "open"}
    >
      <p class="card-line">
        {!over && <time class="card-clock">{t("round.left", { time: spell(left) })}</time>}
        <span>{t("round.picks", { count: round?.picks ?? card.picks })}</span>
      </p>
      {mine && (
        <div class="card-mine">
          <span class="card-note">{t("round.mine")}</span>
          <FactList facts={mine} />
        </div>
      )}
      {!over && round && <Picking round={round} />}
      {!over && trouble && !round && (
        <p class="trouble" role="alert">
          {t("error.unreachable")}
        </p>
      )}
    </Frame>
  );
}

/** Seconds until then. Ticks only until it is over. */
function useLeft(until: string): number {
  const [left, setLeft] = useState(() => secondsTo(until));
  useEffect(() => {
    if (secondsTo(until) <= 0) return;
    const timer = setInterval(() => {
      const now = secondsTo(until);
      setLeft(now);
      if (now <= 0) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

function secondsTo(until: string): number {
  return Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000));
}

/** 1:05:09 */
function spell(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((one, index) => (index ? String(one).padStart(2, "0") : one)).join(":");
}
