import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { nameOf } from "../../people/people";
import { presenceWords, stateOf, useWatch } from "../../people/presence";
import { match, path } from "../../shell/router";
import { Empty } from "../../ui/Awaited";
import { PersonRow } from "../../ui/PersonRow";
import type { Friend } from "../../wire/shapes";

/** Who is here comes first, then by name. */
export function inOrder(friends: readonly Friend[], isHere: (id: number) => boolean): readonly Friend[] {
  return [...friends].sort(
    (one, other) =>
      Number(isHere(other.id)) - Number(isHere(one.id)) || nameOf(one).localeCompare(nameOf(other)),
  );
}

export function Friends() {
  const { friends } = ties.value;
  useWatch(friends.map((one) => one.id));
  const here = Number(match("/people/:id", path.value)?.id ?? 0);
  if (!friends.length) {
    return (
      <Empty>
        <p>{t("people.none")}</p>
      </Empty>
    );
  }
  return (
    <ul class="people">
      {inOrder(friends, (id) => stateOf(id) !== undefined).map((friend) => (
        <PersonRow
          key={friend.id}
          person={friend}
          href={`/people/${friend.id}`}
          here={friend.id === here}
          note={presenceWords(friend.id) || `@${friend.username}`}
        />
      ))}
    </ul>
  );
}
