import { t } from "../../i18n/i18n";
import { secret } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { ask } from "../../wire/http";
import { Redeemed } from "./Redeemed";

export default function UnsubscribePage() {
  useTitle(t("unsubscribe.title"));
  const unsubscribe = () => ask("post", "/api/notifications/unsubscribe", { query: { token: secret.value } });
  return <Redeemed redeem={unsubscribe} done={t("unsubscribe.done")} text={t("unsubscribe.done.text")} />;
}
