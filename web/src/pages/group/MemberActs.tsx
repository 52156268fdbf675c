import { useState } from "preact/hooks";
import { askAgain, type Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { nameOf } from "../../people/people";
import { useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { Icon, type IconName } from "../../ui/Icon";
import { ask } from "../../wire/http";
import type { Member } from "../../wire/shapes";
import type { May } from "./allowed";

interface Looks {
  room: Room;
  member: Member;
  may: May;
  done: () => void;
  onClose: () => void;
}

const HOUR = 3_600;
const MUTES = [
  ["group.mute.hour", HOUR],
  ["group.mute.day", 24 * HOUR],
  ["group.mute.week", 7 * 24 * HOUR],
] as const;

/** What had it is no longer there. */
const focus = (button: HTMLElement | null) => button?.focus();

/** What can be done about a member, in a sheet. What cannot be taken back is asked once more. */
export function MemberActs({ room, member, may, done, onClose }: Looks) {
  const doing = useDoing();
  const [sure, setSure] = useState<"remove" | "ban" | "transfer">();
  const path = { conversation_id: room.id, user_id: member.id };
  const act = async (deed: () => Promise<unknown>) => {
    const went = await doing.act(deed);
    if (!went) return;
    askAgain(room.id);
    done();
    onClose();
  };
  const appoint = (role: "admin" | "member") =>
    act(() =>
      ask("put", "/api/chat/groups/{conversation_id}/members/{user_id}/role", { path, body: { role } }),
    );
  const mute = (seconds: number) =>
    act(() =>
      ask("put", "/api/chat/groups/{conversation_id}/members/{user_id}/mute", { path, body: { seconds } }),
    );
  const final = {
    remove: () => ask("delete", "/api/chat/groups/{conversation_id}/members/{user_id}", { path }),
    ban: () => ask("put", "/api/chat/groups/{conversation_id}/bans/{user_id}", { path }),
    transfer: () =>
      ask("post", "/api/chat/groups/{conversation_id}/transfer", {
        path: { conversation_id: room.id },
        body: { user_id: member.id },
      }),
  };
  return (
    <Dialog title={nameOf(member)} onClose={onClose}>
      <Complaint of={doing} />
      {sure ? (
        <>
          <p>{t(`group.${sure}.text`, { who: nameOf(member) })}</p>
          <div class="dialog-acts">
            <button type="button" class="button button-plain" ref={focus} onClick={() => setSure(undefined)}>
              {t("cancel")}
            </button>
            <button
              type="button"
              class="button button-danger"
              disabled={doing.busy}
              onClick={() => void act(final[sure])}
            >
              {t(`group.${sure}`)}
            </button>
          </div>
        </>
      ) : (
        <ul class="menu">
          {may.appoint && member.role === "member" && (
            <Act icon="shield" label={t("group.promote")} act={() => void appoint("admin")} />
          )}
          {may.appoint && member.role === "admin" && (
            <Act icon="person" label={t("group.demote")} act={() => void appoint("member")} />
          )}
          {may.appoint && <Act icon="key" label={t("group.transfer")} act={() => setSure("transfer")} />}
          {member.muted_until ? (
            <Act
              icon="bell"
              label={t("group.unmute")}
              act={() =>
                void act(() =>
                  ask("delete", "/api/chat/groups/{conversation_id}/members/{user_id}/mute", { path }),
                )
              }
            />
          ) : (
            MUTES.map(([label, seconds]) => (
              <Act key={label} icon="mute" label={t(label)} act={() => void mute(seconds)} />
            ))
          )}
          <Act icon="out" label={t("group.remove")} act={() => setSure("remove")} />
          <Act icon="block" label={t("group.ban")} act={() => setSure("ban")} />
        </ul>
      )}
    </Dialog>
  );
}

function Act({ icon, label, act }: { icon: IconName; label: string; act: () => void }) {
  return (
    <li>
      <button type="button" class="menu-link" onClick={act}>
        <Icon name={icon} />
        <span class="menu-name">{label}</span>
      </button>
    </li>
  );
}
