import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { useTitle } from "../../shell/title";
import { Button, Field, Trouble, useForm } from "../../ui/form";
import { ask } from "../../wire/http";

export default function ForgotPasswordPage() {
  useTitle(t("forgot.title"));
  const [sentTo, setSentTo] = useState("");
  const form = useForm(async ({ email = "" }) => {
    await ask("post", "/api/users/password/forgot", { body: { email: email.trim() } });
    setSentTo(email.trim());
  });
  if (sentTo) {
    return (
      <div class="stack" role="status">
        <h1>{t("forgot.sent")}</h1>
        <p>{t("forgot.sent.text", { email: sentTo })}</p>
        <p class="aside">
          <a href="/login">{t("register.login")}</a>
        </p>
      </div>
    );
  }
  return (
    <form onSubmit={form.submit} class="stack">
      <h1>{t("forgot.title")}</h1>
      <p>{t("forgot.text")}</p>
      <Trouble of={form} />
      <Field
        of={form}
        name="email"
        type="email"
        label={t("register.email.plain")}
        autocomplete="email"
        required
        autofocus
      />
      <Button type="submit" busy={form.busy}>
        {t("forgot.submit")}
      </Button>
      <p class="aside">
        <a href="/login">{t("register.login")}</a>
      </p>
    </form>
  );
}
