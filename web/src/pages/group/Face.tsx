import { pictureOf, titleOf } from "../../chat/names";
import { admit, askAgain, type Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import { Button, Field, Trouble, useForm } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { PictureChoice } from "../../ui/PictureChoice";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";
import type { May } from "./allowed";

/** What others see of the group: its picture, its name and its topic. */
export function Face({ room, may }: { room: Room; may: May }) {
  const group = room.summary.value;
  const name = titleOf(group, myId.value);
  const picture = pictureOf(group, myId.value);
  if (!may.change) {
    return (
      <section class="group-face">
        <Avatar id={room.id} name={name} picture={picture} size="xl" square />
        <div>
          <h2>{name}</h2>
          <p class="note">{t("chat.members", { count: group.member_count })}</p>
          {group.topic && <p>{group.topic}</p>}
        </div>
      </section>
    );
  }
  const path = { conversation_id: room.id };
  return (
    <Panel>
      <PictureChoice
        id={room.id}
        name={name}
        picture={picture}
        square
        choose={async (file_id) => {
          await ask("put", "/api/chat/groups/{conversation_id}/picture", { path, body: { file_id } });
          askAgain(room.id);
        }}
        drop={async () => {
          await ask("delete", "/api/chat/groups/{conversation_id}/picture", { path });
          askAgain(room.id);
        }}
      />
      <Words room={room} />
    </Panel>
  );
}

function Words({ room }: { room: Room }) {
  const group = room.summary.value;
  const form = useForm(
    async ({ name = "", topic = "" }) => {
      const body = { ...(name.trim() && { name: name.trim() }), topic: topic.trim() || null };
      const path = { conversation_id: room.id };
      admit(await ask("patch", "/api/chat/groups/{conversation_id}", { path, body }));
      say(t("saved"));
    },
    { group_name_refused: "name" },
  );
  return (
    <form class="stack" onSubmit={form.submit} key={`${group.name} ${group.topic}`}>
      <Trouble of={form} />
      <Field
        of={form}
        name="name"
        label={t("group.name")}
        value={group.name ?? ""}
        maxLength={100}
        required={group.joinable}
      />
      <Field of={form} name="topic" label={t("group.topic")} value={group.topic ?? ""} maxLength={500} />
      <Button type="submit" busy={form.busy}>
        {t("save")}
      </Button>
    </form>
  );
}
