import { t } from "../../i18n/i18n";
import { Awaited } from "../../ui/Awaited";
import { Choice, Switch } from "../../ui/choices";
import { Complaint } from "../../ui/Dialog";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { Privacy } from "../../wire/shapes";
import { useSetting } from "./useSetting";

type Audience = Privacy["presence"];

export function PrivacySetting() {
  const setting = useSetting<Privacy>(
    () => ask("get", "/api/users/privacy"),
    (body) => ask("patch", "/api/users/privacy", { body }),
  );
  const audiences = (["everyone", "friends", "nobody"] as const).map(
    (one) => [one, t(`privacy.${one}`)] as [NonNullable<Audience>, string],
  );
  return (
    <Awaited of={setting}>
      {(chosen) => (
        <Panel>
          <Complaint of={setting.doing} />
          <Choice
            label={t("privacy.chats")}
            hint={t("privacy.chats.note")}
            of={audiences}
            chosen={chosen.direct_chats ?? "everyone"}
            onChange={(direct_chats) => void setting.change({ direct_chats })}
          />
          <Choice
            label={t("privacy.presence")}
            hint={t("privacy.presence.note")}
            of={audiences}
            chosen={chosen.presence ?? "everyone"}
            onChange={(presence) => void setting.change({ presence })}
          />
          <Switch
            label={t("privacy.receipts")}
            hint={t("privacy.receipts.note")}
            on={chosen.receipts ?? true}
            onChange={(receipts) => void setting.change({ receipts })}
          />
          <Switch
            label={t("privacy.typing")}
            on={chosen.typing ?? true}
            onChange={(typing) => void setting.change({ typing })}
          />
          <Switch
            label={t("privacy.boards")}
            on={chosen.leaderboards ?? true}
            onChange={(leaderboards) => void setting.change({ leaderboards })}
          />
        </Panel>
      )}
    </Awaited>
  );
}
