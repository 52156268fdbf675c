import { pictureOf, titleOf } from "../../chat/names";
import { room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import { Awaited, Empty } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import { everyPage } from "../../wire/pages";

interface Mute {
  readonly conversation_id: number;
  readonly until: string | null;
}

export function Muted() {
  const mutes = useAsked<readonly Mute[]>(() =>
    everyPage(async (query) => (await ask("get", "/api/notifications/mutes", { query })).mutes),
  );
  const doing = useDoing();
  const end = (id: number) =>
    doing.act(async () => {
      await ask("delete", "/api/notifications/mutes/{conversation_id}", { path: { conversation_id: id } });
      mutes.set((mutes.value ?? []).filter((one) => one.conversation_id !== id));
    });
  return (
    <Panel title={t("notices.muted")} note={t("notices.muted.note")}>
      <Complaint of={doing} />
      <Awaited of={mutes} ghosts={1}>
        {(list) =>
          list.length ? (
            <ul class="people">
              {list.map((one) => (
                <Line key={one.conversation_id} mute={one} end={() => void end(one.conversation_id)} />
              ))}
            </ul>
          ) : (
            <Empty>{t("notices.muted.none")}</Empty>
          )
        }
      </Awaited>
    </Panel>
  );
}

function Line({ mute, end }: { mute: Mute; end: () => void }) {
  const conversation = room(mute.conversation_id)?.summary.value;
  const title = conversation ? titleOf(conversation, myId.value) : `#${mute.conversation_id}`;
  return (
    <li class="person">
      <a class="person-main" href={`/c/${mute.conversation_id}`}>
        <Avatar
          id={mute.conversation_id}
          name={title}
          picture={conversation && pictureOf(conversation, myId.value)}
          square={conversation?.kind === "group"}
        />
        <span class="person-words">
          <span class="person-name">{title}</span>
          <span class="person-note">
            {mute.until ? t("notices.muted.until", { when: fully(mute.until) }) : t("notices.muted.forever")}
          </span>
        </span>
      </a>
      <span class="person-acts">
        <Button kind="plain" onClick={end}>
          {t("notices.unmute")}
        </Button>
      </span>
    </li>
  );
}
