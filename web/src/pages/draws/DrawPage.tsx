import "./draws.css";
import { useCallback, useEffect, useState } from "preact/hooks";
import { isOver, useNow } from "../../draws/clock";
import { readDraw, readDraws, readLotteries, shelfOf } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import type { Places } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Icon } from "../../ui/Icon";
import { Refusal } from "../../wire/http";
import type { Draw } from "../../wire/shapes";
import { LostHere } from "../LostPage";
import { Assurance } from "./Assurance";
import { CommonFiles } from "./CommonFiles";
import { Countdown } from "./Countdown";
import { Again, Ghosts } from "./DrawsPage";
import { MyBallots } from "./MyBallots";
import { checkOf, drawName, lotteryName, STATES } from "./names";
import { Winners } from "./Winners";

export default function DrawPage({ places }: { places: Places }) {
  const { lottery = "", number = "" } = places;
  const [trouble, setTrouble] = useState<unknown>();
  const read = useCallback(async () => {
    setTrouble(undefined);
    await Promise.all([readLotteries(), readDraws(lottery), readDraw(lottery, number)]).catch(setTrouble);
  }, [lottery, number]);
  useEffect(() => void read(), [read]);
  const name = lotteryName(lottery);
  useTitle(name);
  const shelf = shelfOf(lottery);
  const draw = shelf?.draws.find((one) => String(one.number) === number || one.period === number);
  if (!shelf || !draw) {
    if (trouble instanceof Refusal && trouble.status === 404) return <LostHere back="/draws" />;
    return trouble ? <Again act={read} /> : <Ghosts />;
  }
  const mine = shelf.mine.filter((ballot) => ballot.number === draw.number);
  const files = `/api/lottery/draws/${lottery}/${draw.number}`;
  return (
    <div class="hall">
      <header class="hall-head">
        <a class="icon-button" href={`/draws/${lottery}`} aria-label={t("back")}>
          <Icon name="back" />
        </a>
        <h1>{name}</h1>
        <StateTag draw={draw} />
      </header>
      <section class="stage" aria-labelledby="draw">
        <h2 id="draw" class="stage-title">
          {drawName(draw)}
        </h2>
        <div class="heard" aria-live="polite">
          {draw.state === "open" || draw.state === "closed" ? (
            <Countdown draw={draw} />
          ) : (
            <Winners draw={draw} mine={mine} />
          )}
        </div>
        <p class="stage-facts">
          {t("draws.prizes", { count: draw.prizes })} · {t("draws.ballots", { count: draw.ballots })}
          {draw.drawn_at && <> · {fully(draw.drawn_at)}</>}
        </p>
        {draw.state === "drawn" && draw.level !== null && (
          <a class="button" href={checkOf(draw)}>
            <Icon name="shield" /> {t("draws.check")}
          </a>
        )}
      </section>
      <Assurance level={draw.level} />
      <section class="block" aria-labelledby="mine">
        <h2 id="mine">{t("draws.mine")}</h2>
        <MyBallots key={draw.number} lottery={lottery} of={draw.number} />
      </section>
      {draw.state === "drawn" && draw.level !== null && (
        <section class="block" aria-labelledby="files">
          <h2 id="files">{t("draws.files")}</h2>
          <ul class="draw-files">
            <li>
              <a href={`${files}/transcript`} download={`${lottery}-${draw.number}.json`}>
                <Icon name="download" /> {t("draws.file.transcript")}
              </a>
            </li>
            <CommonFiles />
          </ul>
          <p class="note">
            <code>{t("draws.file.hint")}</code>
          </p>
        </section>
      )}
    </div>
  );
}

/** Frozen from its close on, before the server says so. */
function StateTag({ draw }: { draw: Draw }) {
  const over = isOver(draw, useNow());
  return <span class="tag">{t(STATES[draw.state === "open" && over ? "closed" : draw.state])}</span>;
}
