import "./draws.css";
import { useEffect, useState } from "preact/hooks";
import { current, lotteries, readDraws, readLotteries, readMore, shelfOf } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import type { Places } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import type { Draw } from "../../wire/shapes";
import { Assurance } from "./Assurance";
import { Countdown } from "./Countdown";
import { Again, Ghosts } from "./DrawsPage";
import { Entering } from "./Entering";
import { Finder } from "./Finder";
import { MyBallots } from "./MyBallots";
import { addressOf, cadence, drawName, lotteryName, periodName, STATES } from "./names";
import { Winners } from "./Winners";

export default function LotteryPage({ places }: { places: Places }) {
  const name = places.lottery ?? "daily";
  const lottery = lotteries.value?.find((one) => one.name === name);
  const title = lotteryName(name);
  useTitle(title);
  useEffect(() => {
    void readLotteries();
    void readDraws(name);
  }, [name]);
  const shelf = shelfOf(name);
  if (shelf?.trouble && !shelf.draws.length) return <Again act={() => readDraws(name)} />;
  if (!shelf || !lottery) return lotteries.value === null ? <Again act={readLotteries} /> : <Ghosts />;
  const { draws, mine } = shelf;
  const draw = current(draws);
  const past = draws.filter((one) => one.state === "drawn" || one.state === "void");
  const next = draws.filter((one) => one.state === "open" && one !== draw).reverse();
  const latest = past[0];
  const here = mine.filter((ballot) => ballot.number === draw?.number);
  return (
    <div class="hall">
      <header class="hall-head">
        <a class="icon-button" href="/draws" aria-label={t("back")}>
          <Icon name="back" />
        </a>
        <h1>{title}</h1>
      </header>
      {draw && (
        <section class="stage" aria-labelledby="current">
          <h2 id="current" class="stage-title">
            <a href={addressOf(draw)}>{drawName(draw)}</a>
          </h2>
          <Countdown draw={draw} />
          <p class="stage-facts">
            {t("draws.prizes", { count: draw.prizes })} · {t("draws.ballots", { count: draw.ballots })} ·{" "}
            {cadence(lottery)}
          </p>
          {lottery.audience === "verified" && <p class="note">{t("draws.verified")}</p>}
          {lottery.audience.startsWith("group:") && <p class="note">{t("draws.group")}</p>}
          {here.length > 0 && <p class="tag tag-own">{t("draws.mine.here", { count: here.length })}</p>}
          {draw.state === "open" && !lottery.ended_at && (
            <Entering lottery={lottery} draw={draw} have={here.length} />
          )}
        </section>
      )}
      {lottery.ended_at && <p class="tag">{t("draws.ended")}</p>}
      <div class="heard" aria-live="polite">
        {latest && (
          <section class="block" aria-labelledby="latest">
            <h2 id="latest">
              <a href={addressOf(latest)}>{drawName(latest)}</a>
            </h2>
            <Winners draw={latest} mine={mine} />
          </section>
        )}
      </div>
      {draw && <Assurance level={draw.level} />}
      <section class="block" aria-labelledby="mine">
        <h2 id="mine">{t("draws.mine")}</h2>
        <MyBallots key={name} lottery={name} of="all" />
      </section>
      {next.length > 0 && (
        <section class="block" aria-labelledby="next">
          <h2 id="next">{t("draws.upcoming")}</h2>
          <ul class="draw-rows">
            {next.map((one) => (
              <Row key={one.number} draw={one} />
            ))}
          </ul>
        </section>
      )}
      <section class="block" aria-labelledby="past">
        <h2 id="past">{t("draws.past")}</h2>
        {past.length > 0 && <Finder lottery={lottery} newest={draws[0]?.number ?? 1} />}
        {past.length ? (
          <ul class="draw-rows">
            {past.map((one) => (
              <Row key={one.number} draw={one} />
            ))}
          </ul>
        ) : (
          <p class="note">{t("draws.past.none")}</p>
        )}
        {shelf.before !== null && <More lottery={name} />}
      </section>
    </div>
  );
}

function Row({ draw }: { draw: Draw }) {
  const who = draw.winners.map((winner) => winner.username).filter(Boolean);
  const said =
    draw.state === "drawn"
      ? who.length
        ? who.join(", ")
        : draw.winners.length
          ? t("draws.winner.anonymous")
          : t("draws.nobody")
      : draw.state === "open"
        ? t("draws.until", { time: fully(draw.closes_at) })
        : t(STATES[draw.state]);
  return (
    <li>
      <a class="draw-row" href={addressOf(draw)}>
        <span class="draw-row-period">{periodName(draw)}</span>
        <span class="draw-row-who">{said}</span>
        <span class="note">{t("draws.ballots", { count: draw.ballots })}</span>
      </a>
    </li>
  );
}

function More({ lottery }: { lottery: string }) {
  const [busy, setBusy] = useState(false);
  const more = () => {
    setBusy(true);
    void readMore(lottery)
      .catch(() => {})
      .finally(() => setBusy(false));
  };
  return (
    <Button kind="plain" busy={busy} onClick={more}>
      {t("draws.more")}
    </Button>
  );
}
