import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { Button, Field, NewPasswordField, Trouble, useForm } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";

const ABOUT = { wrong_password: "current_password", password_refused: "new_password" };

export function NewPassword() {
  /** A form of its own for each change: the fields are empty again afterwards. */
  const [times, setTimes] = useState(0);
  const form = useForm(async ({ current_password = "", new_password = "" }) => {
    await ask("post", "/api/users/password", { body: { current_password, new_password } });
    say(t("password.changed"));
    setTimes((n) => n + 1);
  }, ABOUT);
  return (
    <Panel title={t("password.title")} note={t("password.note")}>
      <form key={times} class="stack" onSubmit={form.submit}>
        <Trouble of={form} />
        <Field
          of={form}
          name="current_password"
          type="password"
          label={t("password.current")}
          autocomplete="current-password"
          required
        />
        <NewPasswordField of={form} name="new_password" label={t("reset.password")} />
        <Button type="submit" busy={form.busy}>
          {t("password.submit")}
        </Button>
      </form>
    </Panel>
  );
}
