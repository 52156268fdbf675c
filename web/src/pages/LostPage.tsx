import { t } from "../i18n/i18n";
import { useTitle } from "../shell/title";
import { Page } from "../ui/Page";

export default function LostPage() {
  useTitle(t("lost.title"));
  return (
    <div class="stack">
      <h1>{t("lost.title")}</h1>
      <Way />
    </div>
  );
}

/** The same beside the bar, of an address that begins as one of ours does. */
export function LostHere({ back }: { back: string }) {
  return (
    <Page title={t("lost.title")} back={back}>
      <Way />
    </Page>
  );
}

function Way() {
  return (
    <>
      <p>{t("lost.text")}</p>
      <p>
        <a href="/">{t("lost.home")}</a>
      </p>
    </>
  );
}
