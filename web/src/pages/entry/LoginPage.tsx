import { t } from "../../i18n/i18n";
import { logIn } from "../../session/session";
import { useTitle } from "../../shell/title";
import { Button, Field, Trouble, useForm } from "../../ui/form";

export default function LoginPage() {
  useTitle(t("login.title"));
  const form = useForm(({ name = "", password = "" }) => logIn(name.trim(), password), {
    wrong_credentials: "password",
  });
  return (
    <form onSubmit={form.submit} class="stack">
      <h1>{t("login.title")}</h1>
      <Trouble of={form} />
      <Field
        of={form}
        name="name"
        label={t("login.name")}
        autocomplete="username"
        autocapitalize="none"
        required
        autofocus
      />
      <Field
        of={form}
        name="password"
        label={t("login.password")}
        type="password"
        autocomplete="current-password"
        required
      />
      <Button type="submit" busy={form.busy}>
        {t("login.submit")}
      </Button>
      <p class="aside">
        <a href="/forgot-password">{t("login.forgot")}</a>
        <a href="/register">{t("login.register")}</a>
      </p>
    </form>
  );
}
