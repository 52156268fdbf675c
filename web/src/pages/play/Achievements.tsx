import { hasWords, t } from "../../i18n/i18n";
import { dayName } from "../../i18n/times";
import { progress } from "../../play/series";
import type { Achievement, Statistics } from "../../wire/shapes";
import { Rosette } from "../draws/Winners";

export function Achievements({ all, now }: { all: readonly Achievement[]; now: Statistics }) {
  const earned = all.filter((one) => one.earned_at !== null).length;
  return (
    <section class="block" aria-labelledby="achievements">
      <h2 id="achievements">
        {t("play.achievements")}{" "}
        <span class="note">{t("play.achievements.count", { earned, all: all.length })}</span>
      </h2>
      <ul class="achievements">
        {all.map((one) => (
          <Row key={one.name} achievement={one} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Row({
  achievement: { name, title, earned_at },
  now,
}: {
  achievement: Achievement;
  now: Statistics;
}) {
  const key = `play.achievement.${name}`;
  const way = progress(name, now);
  return (
    <li data-earned={earned_at !== null}>
      <Rosette place={earned_at ? "✓" : ""} />
      <span class="achievement-words">
        {hasWords(key) ? t(key) : title}
        {earned_at && <span class="note">{dayName(earned_at)}</span>}
        {!earned_at && way && (
          <span class="achievement-way">
            <progress max={way.want} value={way.have} aria-label={hasWords(key) ? t(key) : title} />
            <span class="note" aria-hidden="true">
              {t("play.achievements.way", way)}
            </span>
          </span>
        )}
        {!earned_at && !way && <span class="note">{t("play.achievements.not")}</span>}
      </span>
    </li>
  );
}
