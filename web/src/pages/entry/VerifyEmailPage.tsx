import { t } from "../../i18n/i18n";
import { arrive, standing } from "../../session/session";
import { secret } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { ask } from "../../wire/http";
import { Redeemed } from "./Redeemed";

export default function VerifyEmailPage() {
  useTitle(t("verify.title"));
  const verify = async () => {
    await ask("post", "/api/users/email/verify", { body: { token: secret.value } });
    if (standing.value === "in") await arrive();
  };
  return <Redeemed redeem={verify} done={t("verify.done")} text={t("verify.done.text")} />;
}
