import { t } from "../../i18n/i18n";
import { Hits } from "./Hits";
import "../../styles/hits.css";

/** What was said in any conversation. */
export function FoundEverywhere({ sought }: { sought: string }) {
  return (
    <section aria-label={t("search.messages")}>
      <h2 class="hits-title">{t("search.messages")}</h2>
      <Hits sought={sought} />
    </section>
  );
}
