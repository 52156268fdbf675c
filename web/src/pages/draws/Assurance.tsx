import { t } from "../../i18n/i18n";
import { Icon } from "../../ui/Icon";

type Level = 0 | 1 | 2 | null;

/** How much a draw proves, and in the same breath what it does not. */
export function Assurance({ level }: { level: Level }) {
  if (level === null) {
    return (
      <div class="assurance">
        <p class="assurance-head">
          <Icon name="shield" /> <b>{t("draws.level.none")}</b>
        </p>
        <p class="assurance-text">{t("draws.level.none.text")}</p>
      </div>
    );
  }
  return (
    <div class="assurance">
      <p class="assurance-head">
        <Icon name="shield" /> <b>{t("draws.level", { level })}</b>
        <span class="pips" aria-hidden="true">
          {[0, 1, 2].map((step) => (
            <span key={step} class="pip" data-on={step <= level} />
          ))}
        </span>
      </p>
      <dl class="assurance-text">
        <div>
          <dt>{t("draws.level.holds")}</dt>
          <dd>{t(`draws.level.${level}.holds`)}</dd>
        </div>
        <div>
          <dt>{t("draws.level.not")}</dt>
          <dd>{t(`draws.level.${level}.not`)}</dd>
        </div>
      </dl>
    </div>
  );
}
