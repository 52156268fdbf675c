import { t } from "../../i18n/i18n";
import { logIn } from "../../session/session";
import { useTitle } from "../../shell/title";
import { Button, Field, NewPasswordField, Trouble, useForm } from "../../ui/form";
import { ask } from "../../wire/http";

const ABOUT = {
  username_taken: "username",
  username_refused: "username",
  email_taken: "email",
  email_refused: "email",
  password_refused: "password",
};

export default function RegisterPage() {
  useTitle(t("register.title"));
  const form = useForm(async ({ username = "", email = "", password = "" }) => {
    const person = { username: username.trim(), email: email.trim() || null, password };
    await ask("post", "/api/users/register", { body: person });
    await logIn(person.username, password);
  }, ABOUT);
  return (
    <form onSubmit={form.submit} class="stack">
      <h1>{t("register.title")}</h1>
      <Trouble of={form} />
      <Field
        of={form}
        name="username"
        label={t("register.username")}
        hint={t("register.username.hint")}
        autocomplete="username"
        autocapitalize="none"
        minLength={3}
        maxLength={30}
        pattern="[A-Za-z0-9._\-]+"
        required
        autofocus
      />
      <Field
        of={form}
        name="email"
        type="email"
        label={t("register.email")}
        hint={t("register.email.hint")}
        autocomplete="email"
      />
      <NewPasswordField of={form} name="password" label={t("register.password")} />
      <Button type="submit" busy={form.busy}>
        {t("register.submit")}
      </Button>
      <p class="aside">
        <a href="/login">{t("register.login")}</a>
      </p>
    </form>
  );
}
