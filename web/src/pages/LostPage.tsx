import { t } from "../i18n/i18n";
import { useTitle } from "../shell/title";

export default function LostPage() {
  useTitle(t("lost.title"));
  return (
    <div class="stack">
      <h1>{t("lost.title")}</h1>
      <p>{t("lost.text")}</p>
      <p>
        <a href="/">{t("lost.home")}</a>
      </p>
    </div>
  );
}
