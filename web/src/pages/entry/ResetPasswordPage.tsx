import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { secret } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Button, NewPasswordField, Trouble, useForm } from "../../ui/form";
import { ask } from "../../wire/http";

export default function ResetPasswordPage() {
  useTitle(t("reset.title"));
  const [done, setDone] = useState(false);
  const form = useForm(
    async ({ password = "" }) => {
      await ask("post", "/api/users/password/reset", {
        body: { token: secret.value, new_password: password },
      });
      setDone(true);
    },
    { password_refused: "password" },
  );
  if (done) {
    return (
      <div class="stack" role="status">
        <h1>{t("reset.done")}</h1>
        <p>{t("reset.done.text")}</p>
        <p class="aside">
          <a href="/login">{t("register.login")}</a>
        </p>
      </div>
    );
  }
  return (
    <form onSubmit={form.submit} class="stack">
      <h1>{t("reset.title")}</h1>
      <Trouble of={form} />
      <NewPasswordField of={form} name="password" label={t("reset.password")} autofocus />
      <Button type="submit" busy={form.busy}>
        {t("reset.submit")}
      </Button>
    </form>
  );
}
