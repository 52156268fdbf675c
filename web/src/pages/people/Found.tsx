import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { meet } from "../../people/people";
import { relation } from "../../people/ties";
import { myId } from "../../session/session";
import { Awaited, Empty } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { PersonRow } from "../../ui/PersonRow";
import { ask } from "../../wire/http";
import type { PublicProfile } from "../../wire/shapes";

/** Between two letters of somebody who types. */
const PAUSE_MS = 200;

/** What stands still for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(() => value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export async function findPeople(q: string): Promise<PublicProfile[]> {
  const found = await ask("get", "/api/users/search", { query: { q, limit: 30 } });
  meet(found);
  return found;
}

export function Found({ wanted }: { wanted: string }) {
  const q = useSettled(wanted);
  const found = useAsked(() => findPeople(q), [q]);
  return (
    <Awaited of={found}>
      {(people) =>
        people.length ? (
          <ul class="people" aria-label={t("people.found")}>
            {people.map((one) => (
              <PersonRow key={one.id} person={one} href={`/people/${one.id}`}>
                <span class="note">{relationWords(one)}</span>
              </PersonRow>
            ))}
          </ul>
        ) : (
          <Empty>
            <p>{t("people.found.none", { name: q })}</p>
          </Empty>
        )
      }
    </Awaited>
  );
}

function relationWords(one: PublicProfile): string {
  if (one.is_bot) return t("person.bot");
  const now = relation(ties.value, one.id, myId.value);
  return now === "friend" || now === "requested_by_me" || now === "requested_by_them"
    ? t(`relation.${now}`)
    : "";
}
