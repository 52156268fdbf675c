import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { depart } from "../../session/session";
import { Dialog } from "../../ui/Dialog";
import { Button, Field, Trouble, useForm } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";

const FATES = ["keep_as_deleted_account", "delete"] as const;
type Fate = (typeof FATES)[number];

export function Erasure() {
  const [open, setOpen] = useState(false);
  return (
    <Panel title={t("erase.title")} note={t("erase.note")}>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t("erase.begin")}
      </Button>
      {open && <Question onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function Question({ onClose }: { onClose: () => void }) {
  const form = useForm(
    async ({ password = "", messages = "" }) => {
      await ask("post", "/api/users/me/erase", { body: { password, messages: messages as Fate } });
      await depart(true);
      say(t("erase.done"));
    },
    { wrong_password: "password" },
  );
  return (
    <Dialog title={t("erase.title")} onClose={onClose}>
      <form onSubmit={form.submit} class="stack">
        <p>{t("erase.text")}</p>
        <Trouble of={form} />
        <fieldset class="fates">
          <legend>{t("erase.messages")}</legend>
          {FATES.map((fate, index) => (
            <label key={fate} class="fate">
              <input type="radio" name="messages" value={fate} defaultChecked={!index} />
              <span>
                <strong>{t(`erase.${fate}`)}</strong>
                <span class="note">{t(`erase.${fate}.note`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          of={form}
          name="password"
          type="password"
          label={t("password.current")}
          autocomplete="current-password"
          required
        />
        <div class="dialog-acts">
          <Button kind="plain" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" kind="danger" busy={form.busy}>
            {t("erase.deed")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
