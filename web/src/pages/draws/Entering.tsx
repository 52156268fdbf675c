import { useEffect, useRef, useState } from "preact/hooks";
import { isOver, useNow } from "../../draws/clock";
import { learn, readDraws } from "../../draws/draws";
import { keepReceipts } from "../../draws/kept";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { ask } from "../../wire/http";
import type { Draw, Lottery } from "../../wire/shapes";
import { randomHex, stubbornly } from "../../wire/stubborn";

/** As many as the server takes at once. */
const AT_ONCE = 100;

interface Order {
  readonly key: string;
  readonly nonces: string[];
}

/** Ballots with random bytes of our own. Under one name until there is an answer: nothing is submitted twice. */
export function Entering({ lottery, draw, have }: { lottery: Lottery; draw: Draw; have: number }) {
  const most = Math.max(1, Math.min(AT_ONCE, lottery.ballots_per_user - have));
  const [count, setCount] = useState(1);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState("");
  const order = useRef<Order | undefined>(undefined);
  const over = isOver(draw, useNow());
  useEffect(() => {
    setSaid("");
    setTrouble("");
  }, [draw.number]);
  const clamp = (wanted: number) => setCount(Math.min(most, Math.max(1, Math.round(wanted) || 1)));

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setTrouble("");
    setSaid("");
    order.current ??= { key: crypto.randomUUID(), nonces: Array.from({ length: count }, () => randomHex()) };
    const { key, nonces } = order.current;
    try {
      const answer = await stubbornly(
        () =>
          ask("post", "/api/lottery/ballots", {
            body: { lottery: lottery.name, draw_date: draw.date, count: nonces.length, nonces },
            headers: { "Idempotency-Key": key },
          }),
        () => setSaid(t("draws.enter.waiting")),
      );
      learn(answer.draw);
      await keepReceipts(answer).catch(() => {});
      setSaid(`${t("draws.enter.done", { count: answer.ballots.length })} ${t("draws.mine.kept")}`);
      await readDraws(lottery.name);
    } catch (error) {
      setSaid("");
      setTrouble(explain(error));
    } finally {
      order.current = undefined;
      setBusy(false);
    }
  };

  return (
    <form class="entering" onSubmit={submit}>
      <label for="ballot-count">{t("draws.enter.how")}</label>
      <div class="stepper">
        <button
          type="button"
          class="icon-button"
          aria-label={t("draws.enter.less")}
          onClick={() => clamp(count - 1)}
        >
          <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 12h14" />
          </svg>
        </button>
        <input
          id="ballot-count"
          type="number"
          inputMode="numeric"
          min={1}
          max={most}
          value={count}
          onChange={(event) => clamp(Number(event.currentTarget.value))}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={t("draws.enter.more")}
          onClick={() => clamp(count + 1)}
        >
          <Icon name="plus" />
        </button>
      </div>
      <Button type="submit" busy={busy} disabled={over}>
        {t("draws.enter")}
      </Button>
      <p class="note entering-note">{t("draws.enter.own")}</p>
      <p class="entering-said" role="status">
        {said}
      </p>
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}
