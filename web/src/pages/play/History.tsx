import { useEffect, useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { fully, shortly } from "../../i18n/times";
import { grown } from "../../play/series";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { ask } from "../../wire/http";
import type { PlayResult } from "../../wire/shapes";
import type { Game } from "./GameChoice";

/** So many are laid out at a time. */
const PAGE = 20;

/** All plays, the newest first; `recent` are as many of them as the page has read anyway. */
export function History({ recent, game }: { recent: readonly PlayResult[]; game: Game }) {
  const [known, setKnown] = useState<readonly PlayResult[]>(recent);
  const [shown, setShown] = useState(PAGE);
  const [end, setEnd] = useState(false);
  const doing = useDoing();
  useEffect(() => setKnown((before) => grown(recent, before)), [recent]);
  const more = () =>
    void doing.act(async () => {
      const wanted = shown + PAGE;
      const before = known.at(-1)?.id;
      if (wanted > known.length && before) {
        const query = { limit: PAGE, before, ...(game && { game }) };
        const older = await ask("get", "/api/game/history", { query });
        setKnown([...known, ...older]);
        setEnd(older.length < PAGE);
      }
      setShown(wanted);
    });
  return (
    <section class="block" aria-labelledby="history">
      <h2 id="history">{t("play.history")}</h2>
      {known.length ? (
        <ul class="draw-rows">
          {known.slice(0, shown).map((play) => (
            <Row key={play.id} play={play} />
          ))}
        </ul>
      ) : (
        <p class="note">{t("play.history.none")}</p>
      )}
      <Complaint of={doing} />
      {(shown < known.length || (!end && known.length >= PAGE)) && (
        <Button kind="plain" busy={doing.busy} onClick={more}>
          {t("play.more")}
        </Button>
      )}
    </section>
  );
}

function Row({ play }: { play: PlayResult }) {
  const move = play.move as { number?: number; side?: "over" | "under"; chance?: number };
  const outcome = play.outcome as { roll?: number };
  const said = move.side
    ? `${t(`play.dice.${move.side}`)} ${move.chance}% · ${t("play.dice.rolled", { roll: outcome.roll ?? 0 })}`
    : formatNumber(move.number ?? 0);
  const title = play.game === "dice" ? t("play.dice") : play.game === "number" ? t("play.number") : play.game;
  const won = play.result === "win";
  return (
    <li class="play-row" data-won={won}>
      <span class="play-row-game">
        <b>{title}</b> <span class="play-row-said">{said}</span>
      </span>
      {play.proof && (
        <a
          class="icon-button"
          href={`/check?play=${encodeURIComponent(play.idempotency_key)}`}
          aria-label={t("play.check")}
          title={t("play.check")}
        >
          <Icon name="shield" />
        </a>
      )}
      <time class="play-row-time" dateTime={play.played_at} title={fully(play.played_at)}>
        {shortly(play.played_at)}
      </time>
      <span class="play-row-prize">{won ? money(play.prize) : t("play.lose.short")}</span>
    </li>
  );
}
