import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { explain } from "../../i18n/refusals";
import { CHANCES, payout, playDice, type Seeds, type Side, seeds } from "../../play/plays";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Refusal } from "../../wire/http";
import type { PlayResult } from "../../wire/shapes";
import { Outcome } from "./Outcome";
import { usePlaying } from "./playing";

const SIDES = ["under", "over"] as const;
const RENEW = new Set(["no_epoch", "other_epoch", "seeds_lost"]);

export function Dice() {
  const [side, setSide] = useState<Side>("under");
  const [step, setStep] = useState(CHANCES.indexOf(50));
  const [next, setNext] = useState<Seeds>();
  const [lost, setLost] = useState("");
  const { busy, said, trouble, result, act } = usePlaying();
  const chance = CHANCES[step] ?? 50;
  const bound = side === "under" ? chance : 100 - chance;

  const prepare = () => {
    setLost("");
    seeds().then(setNext, (error: unknown) => setLost(explain(error)));
  };
  useEffect(prepare, []);

  const submit = (event: Event) => {
    event.preventDefault();
    if (!next) return;
    void act(async (waiting) => {
      try {
        const played = await playDice(side, chance, next.epoch, waiting);
        if (played.proof) setNext(played.proof.next);
        return played;
      } catch (error) {
        if (error instanceof Refusal && RENEW.has(error.code)) prepare();
        throw error;
      }
    });
  };

  const roll = (result?.outcome as { roll: number } | undefined)?.roll;
  return (
    <>
      <form class="stage table" onSubmit={submit}>
        <h2 class="stage-title">{t("play.dice.title")}</h2>
        <div
          class="roll"
          data-rolling={busy}
          data-result={busy ? undefined : result?.result}
          aria-hidden="true"
        >
          {busy || roll === undefined ? "··" : String(roll).padStart(2, "0")}
        </div>
        <Line side={side} chance={chance} roll={busy ? undefined : roll} />
        <fieldset class="pills">
          <legend class="hidden">{t("play.dice.side")}</legend>
          {SIDES.map((one) => (
            <label key={one}>
              <input type="radio" name="side" checked={side === one} onChange={() => setSide(one)} />
              <span>{t(`play.dice.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <p>{t(`play.dice.${side}.rule`, { number: bound })}</p>
        <div class="slider">
          <label for="chance">{t("play.dice.chance")}</label>
          <output for="chance">{chance}%</output>
          <input
            id="chance"
            type="range"
            min={0}
            max={CHANCES.length - 1}
            value={step}
            aria-valuetext={`${chance}%`}
            onInput={(event) => setStep(Number(event.currentTarget.value))}
          />
          <span class="pays">
            {t("play.dice.pays")} <b>{money(payout(chance))}</b>
          </span>
        </div>
        <Button type="submit" busy={busy} disabled={!next}>
          {t("play.roll")}
        </Button>
        <p class="note" role="status">
          {said}
        </p>
        {(trouble || lost) && (
          <p class="trouble" role="alert">
            {trouble || lost}{" "}
            {lost && (
              <button type="button" class="button button-quiet" onClick={prepare}>
                {t("again")}
              </button>
            )}
          </p>
        )}
        <Outcome
          result={busy || roll === undefined ? undefined : result}
          detail={roll === undefined ? "" : t("play.dice.rolled", { roll })}
        />
      </form>
      <Proof result={result} next={next} />
    </>
  );
}

/** Where the roll fell, and which part wins. */
function Line({ side, chance, roll }: { side: Side; chance: number; roll: number | undefined }) {
  return (
    <svg class="dice-line" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="line-all" x="0" y="3" width="100" height="4" rx="2" />
      <rect class="line-win" x={side === "under" ? 0 : 100 - chance} y="3" width={chance} height="4" rx="2" />
      {roll !== undefined && <rect class="line-roll" x={roll} y="0" width="1" height="10" />}
    </svg>
  );
}

function Proof({ result, next }: { result: PlayResult | undefined; next: Seeds | undefined }) {
  const proof = result?.proof;
  const commitment = proof?.commitment ?? next?.commitment;
  return (
    <section class="block sheet" aria-labelledby="proof">
      <h2 id="proof">{t("play.proof")}</h2>
      <p class="note">
        {t("play.proof.text")} {t("play.dice.fair")}
      </p>
      <dl class="proof">
        {commitment && (
          <div>
            <dt>{t("play.proof.commitment")}</dt>
            <dd>{commitment}</dd>
          </div>
        )}
        {proof && (
          <>
            <div>
              <dt>{t("play.proof.nonce")}</dt>
              <dd>{proof.nonce}</dd>
            </div>
            <div>
              <dt>{t("play.proof.seed")}</dt>
              <dd>{proof.seed}</dd>
            </div>
          </>
        )}
      </dl>
      {result && (
        <div>
          <a class="button button-plain" href={`/check?play=${encodeURIComponent(result.idempotency_key)}`}>
            <Icon name="shield" /> {t("play.check")}
          </a>
        </div>
      )}
    </section>
  );
}
