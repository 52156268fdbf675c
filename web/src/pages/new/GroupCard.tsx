import type { ComponentChildren } from "preact";
import { t } from "../../i18n/i18n";
import { Avatar } from "../../ui/Avatar";
import type { Group } from "../../wire/shapes";

interface Looks {
  group: Group;
  /** Whether who looks may see its picture. */
  picture: boolean;
  children: ComponentChildren;
}

/** A group from outside. */
export function GroupCard({ group, picture, children }: Looks) {
  const name = group.name || t("group.unnamed");
  const shown =
    picture && group.picture_id ? `/api/chat/groups/${group.id}/picture?v=${group.picture_id}` : undefined;
  return (
    <article class="group-card">
      <Avatar id={group.id} name={name} picture={shown} size="l" square />
      <div class="group-card-words">
        <h2>{name}</h2>
        <p class="note">{t("chat.members", { count: group.members })}</p>
        {group.topic && <p>{group.topic}</p>}
      </div>
      <div class="group-card-acts">{children}</div>
    </article>
  );
}
