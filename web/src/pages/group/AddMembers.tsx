import { askAgain, type Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { nameOf, type Person } from "../../people/people";
import { useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";
import { PeopleToChoose } from "../new/PeopleToChoose";

export function AddMembers({ room, onClose }: { room: Room; onClose: () => void }) {
  const doing = useDoing();
  const add = (one: Person) =>
    void doing.act(async () => {
      const path = { conversation_id: room.id, user_id: one.id };
      await ask("put", "/api/chat/groups/{conversation_id}/members/{user_id}", { path });
      askAgain(room.id);
      say(t("group.added", { who: nameOf(one) }));
    });
  return (
    <Dialog title={t("group.add")} onClose={onClose}>
      <Complaint of={doing} />
      <PeopleToChoose known={ties.value.friends} choose={add} empty={<p class="note">{t("new.nobody")}</p>} />
    </Dialog>
  );
}
