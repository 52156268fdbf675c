import { useEffect, useState } from "preact/hooks";
import type { Of } from "../../draws/ballots";
import { beNamed, EMPTY, readBallots, shelfOf } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { clock } from "../../i18n/times";
import { Ghosts, NotThere } from "../../ui/Awaited";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import type { MyBallot } from "../../wire/shapes";
import { addressOf } from "./names";

/** So many are laid out at a time. */
const PAGE = 10;

/** The newest first; earlier ones are read when they are asked for. */
export function MyBallots({ lottery, of }: { lottery: string; of: Of }) {
  const [shown, setShown] = useState(PAGE);
  const doing = useDoing();
  const { mine, earlier } = shelfOf(lottery) ?? EMPTY;
  const ballots = of === "all" ? mine : mine.filter((ballot) => ballot.number === of);
  const unread = earlier[of] === undefined;
  const begin = () => void doing.act(() => readBallots(lottery, of));
  const more = () =>
    void doing.act(async () => {
      const wanted = shown + PAGE;
      if (wanted > ballots.length && earlier[of]) await readBallots(lottery, of);
      setShown(wanted);
    });
  useEffect(() => {
    if (unread) begin();
  }, []);
  if (unread && doing.trouble) return <NotThere trouble={doing.trouble} again={begin} />;
  if (!ballots.length) return unread ? <Ghosts count={1} /> : <p class="note">{t("draws.mine.none")}</p>;
  return (
    <>
      <ul class="ballots">
        {ballots.slice(0, shown).map((ballot) => (
          <Ballot key={ballot.id} ballot={ballot} withDraw={of === "all"} />
        ))}
      </ul>
      <Complaint of={doing} />
      {(shown < ballots.length || earlier[of]) && (
        <Button kind="plain" busy={doing.busy} onClick={more}>
          {t("draws.mine.earlier")}
        </Button>
      )}
    </>
  );
}

function Ballot({ ballot, withDraw }: { ballot: MyBallot; withDraw: boolean }) {
  const { won, state } = ballot;
  const fate =
    state === "void"
      ? t("draws.state.void")
      : won === null
        ? t("draws.mine.waiting")
        : won
          ? t("draws.mine.won")
          : t("draws.mine.lost");
  return (
    <li class="ballot" data-won={won === true}>
      <span class="ballot-name">
        {withDraw ? (
          <a href={addressOf(ballot)}>{t("draws.number", { number: ballot.number })}</a>
        ) : (
          t("draws.ballot", { seq: ballot.seq })
        )}
        <span class="note">
          {clock(ballot.submitted_at)} · <code>{ballot.id.slice(-8)}</code>
        </span>
      </span>
      <span class="tag" data-won={won === true}>
        {fate}
      </span>
      <a
        class="icon-button"
        href={`/api/lottery/ballots/${ballot.id}`}
        download={`ballot-${ballot.id}.json`}
        aria-label={`${t("draws.mine.receipt")}: ${t("draws.ballot", { seq: ballot.seq })}`}
        title={t("draws.mine.receipt")}
      >
        <Icon name="download" />
      </a>
      {won && <Naming ballot={ballot} />}
    </li>
  );
}

function Naming({ ballot }: { ballot: MyBallot }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const change = async (named: boolean) => {
    setBusy(true);
    setTrouble("");
    try {
      await beNamed(ballot, named);
    } catch (error) {
      setTrouble(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="naming">
      <label class="naming-switch">
        <input
          type="checkbox"
          role="switch"
          checked={ballot.named === true}
          aria-checked={ballot.named === true}
          aria-disabled={busy}
          onClick={(event) => busy && event.preventDefault()}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        <span>{t("draws.mine.named")}</span>
      </label>
      {trouble && (
        <p class="note note-wrong" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
