import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { arrive, profile } from "../../session/session";
import { Awaited } from "../../ui/Awaited";
import { Button, Field, Trouble, useForm } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Panel } from "../../ui/Page";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";
import type { Profile } from "../../wire/shapes";
import { AvatarChoice } from "./AvatarChoice";

export function ProfileSetting() {
  const own = { value: profile.value ?? undefined, trouble: "", again: () => void arrive() };
  return (
    <Awaited of={own}>
      {(known) => (
        <>
          <Panel>
            <AvatarChoice profile={known} />
          </Panel>
          <Names profile={known} />
          <Email profile={known} />
        </>
      )}
    </Awaited>
  );
}

function Names({ profile }: { profile: Profile }) {
  const form = useForm(async ({ first_name = "", last_name = "" }) => {
    await ask("patch", "/api/users/profile", { body: { first_name, last_name } });
    await arrive();
    say(t("saved"));
  });
  return (
    <Panel title={t("profile.names")} note={t("profile.names.note", { username: profile.username })}>
      <form onSubmit={form.submit} class="stack">
        <Trouble of={form} />
        <div class="pair">
          <Field
            of={form}
            name="first_name"
            label={t("profile.first")}
            value={profile.first_name}
            autocomplete="given-name"
            maxLength={150}
          />
          <Field
            of={form}
            name="last_name"
            label={t("profile.last")}
            value={profile.last_name}
            autocomplete="family-name"
            maxLength={150}
          />
        </div>
        <Button type="submit" busy={form.busy}>
          {t("save")}
        </Button>
      </form>
    </Panel>
  );
}

const ABOUT = { wrong_password: "current_password", email_taken: "email", email_refused: "email" };

/** Whoever reads the mailbox could set a new password: so the present one is asked for. */
function Email({ profile }: { profile: Profile }) {
  const [open, setOpen] = useState(false);
  const form = useForm(async ({ email = "", current_password = "" }) => {
    await ask("patch", "/api/users/profile", { body: { email: email.trim(), current_password } });
    await arrive();
    setOpen(false);
    say(email.trim() ? t("profile.email.sent") : t("saved"));
  }, ABOUT);
  return (
    <Panel title={t("profile.email")}>
      <p class="fact">
        <span>{profile.email || t("profile.email.none")}</span>
        {profile.email && (
          <span class={profile.email_verified ? "chip chip-good" : "chip"}>
            <Icon name={profile.email_verified ? "check" : "clock"} />
            {t(profile.email_verified ? "profile.email.verified" : "profile.email.unverified")}
          </span>
        )}
      </p>
      {open ? (
        <form onSubmit={form.submit} class="stack">
          <Trouble of={form} />
          <Field
            of={form}
            name="email"
            type="email"
            label={t("profile.email.new")}
            hint={t("profile.email.hint")}
            value={profile.email}
            autocomplete="email"
            autofocus
          />
          <Field
            of={form}
            name="current_password"
            type="password"
            label={t("password.current")}
            autocomplete="current-password"
            required
          />
          <div class="acts">
            <Button type="submit" busy={form.busy}>
              {t("save")}
            </Button>
            <Button kind="plain" onClick={() => setOpen(false)}>
              {t("cancel")}
            </Button>
          </div>
        </form>
      ) : (
        <Button kind="plain" onClick={() => setOpen(true)}>
          {t(profile.email ? "profile.email.change" : "profile.email.add")}
        </Button>
      )}
    </Panel>
  );
}
