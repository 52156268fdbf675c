import { useEffect, useState } from "preact/hooks";
import { callOff, readRound, roundOf } from "../../chat/rounds";
import { left, now, useNow } from "../../draws/clock";
import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { lasting } from "../../i18n/times";
import { calledById } from "../../people/people";
import { myId } from "../../session/session";
import { Confirmation } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { later } from "../../ui/later";
import type { Card, Message } from "../../wire/shapes";
import { FactList, Frame, gameCalled } from "./Card";
import type { Talk } from "./talk";

const Picking = later(() => import("./Picking"));
/** The worker draws moments after the close. */
const DRAWN_MS = 1_500;
const DAY_SECONDS = 86_400;

type Round = Extract<Card, { kind: "round" }>;
type Looks = { card: Round; talk: Talk };

/** A round that the group plays together: open for picks, or how it ended. */
export function RoundCard({ card, talk }: Looks & { message: Message }) {
  if (card.state === "open") return <OpenRound card={card} talk={talk} />;
  const drawn = card.state === "drawn";
  return (
    <Frame
      title={gameCalled(card)}
      note={drawn ? t("round.drawn") : t("round.cancelled")}
      tone={drawn ? "won" : "lost"}
    >
      {drawn && card.outcome && <FactList facts={card.outcome} />}
      <p class="card-line">{t("round.picks", { count: card.picks })}</p>
      {drawn && <Top card={card} />}
      {drawn && (
        <div class="card-acts">
          {card.picks > 0 && (
            <Button
              kind="quiet"
              small
              onClick={() => {
                talk.over.value = { kind: "places", round: card.round_id };
              }}
            >
              {t("round.places")}
            </Button>
          )}
          <a class="button button-quiet button-small" href={`/check?round=${card.round_id}`}>
            {t("round.check")}
          </a>
        </div>
      )}
    </Frame>
  );
}

function Top({ card }: { card: Round }) {
  const winners = (card.top ?? []).filter((one) => one.prize > 0);
  if (!winners.length) return <p class="card-line">{t("round.nobody")}</p>;
  return (
    <ol class="card-top">
      {winners.map((one) => (
        <li key={one.user_id} data-own={one.user_id === myId.value}>
          <span class="card-place">{one.place}</span>
          <span class="card-name" dir="auto">
            {one.user_id === myId.value ? t("chat.you") : calledById(one.user_id)}
          </span>
          <span class="card-prize">{money(one.prize)}</span>
        </li>
      ))}
    </ol>
  );
}

function OpenRound({ card, talk }: Looks) {
  const round = roundOf(card.round_id);
  const [late, setLate] = useState(() => Date.parse(card.closes_at) <= now.peek());
  const over = late || (round !== undefined && round.state !== "open");
  const [trouble, setTrouble] = useState(false);
  const [ending, setEnding] = useState(false);
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
      title={gameCalled(card)}
      note={called_off ? t("round.cancelled") : over ? t("round.over") : t("round.open")}
      tone={over ? "lost" : "open"}
    >
      <p class="card-line">
        {!over && <Remaining until={card.closes_at} onOver={() => setLate(true)} />}
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
      {!over && talk.room.summary.value.role !== "member" && (
        <div class="card-acts">
          <Button kind="quiet" small onClick={() => setEnding(true)}>
            {t("round.off")}
          </Button>
        </div>
      )}
      {ending && (
        <Confirmation
          title={t("round.off.title")}
          text={t("round.off.text")}
          deed={t("round.off")}
          act={() => callOff(card.round_id)}
          onClose={() => setEnding(false)}
        />
      )}
    </Frame>
  );
}

/** By the server's time. Told to those who listen when it is over, and not every second. */
function Remaining({ until, onOver }: { until: string; onOver: () => void }) {
  const at = useNow();
  const over = Date.parse(until) <= at;
  const { days, clock } = left(until, at);
  useEffect(() => {
    if (over) onOver();
  }, [over]);
  const time = days ? lasting(days * DAY_SECONDS) : clock;
  return (
    <time class="card-clock" dateTime={until} role="timer" aria-live="off">
      {t("round.left", { time })}
    </time>
  );
}
