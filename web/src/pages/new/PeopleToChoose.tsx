/** People to pick from: those one knows, and whoever is found by how their username begins. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { nameOf, type Person, portrait } from "../../people/people";
import { stateOf } from "../../people/presence";
import { Avatar } from "../../ui/Avatar";
import { Awaited, Empty } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { Icon } from "../../ui/Icon";
import { SearchBox } from "../../ui/SearchBox";
import { findPeople, useSettled } from "../people/Found";

interface Looks {
  known: readonly Person[];
  /** Those who are picked already, where one picks several. */
  chosen?: ReadonlySet<number>;
  choose: (one: Person) => void;
  empty: ComponentChildren;
}

export function PeopleToChoose({ known, chosen, choose, empty }: Looks) {
  const [sought, setSought] = useState("");
  const wanted = useSettled(sought.trim().replace(/^@/, ""));
  const lower = wanted.toLocaleLowerCase();
  const near = known.filter((one) => `${nameOf(one)} ${one.username}`.toLocaleLowerCase().includes(lower));
  return (
    <section aria-label={t("people.find")}>
      <SearchBox label={t("people.find")} value={sought} onSeek={setSought} maxLength={30} username />
      {near.length > 0 && (
        <Choices people={near} chosen={chosen} choose={choose} label={t("people.friends")} />
      )}
      {wanted ? (
        <Others wanted={wanted} near={near} chosen={chosen} choose={choose} />
      ) : (
        !known.length && empty
      )}
    </section>
  );
}

interface OthersLooks extends Omit<Looks, "known" | "empty" | "chosen"> {
  wanted: string;
  near: readonly Person[];
  chosen: ReadonlySet<number> | undefined;
}

function Others({ wanted, near, chosen, choose }: OthersLooks) {
  const found = useAsked(() => findPeople(wanted), [wanted]);
  const known = new Set(near.map((one) => one.id));
  return (
    <Awaited of={found} ghosts={2}>
      {(people) => {
        const others = people.filter((one) => !known.has(one.id));
        if (others.length)
          return <Choices people={others} chosen={chosen} choose={choose} label={t("people.found")} />;
        return near.length ? null : <Empty>{t("people.found.none", { name: wanted })}</Empty>;
      }}
    </Awaited>
  );
}

interface ChoicesLooks {
  people: readonly Person[];
  chosen: ReadonlySet<number> | undefined;
  choose: (one: Person) => void;
  label: string;
}

function Choices({ people, chosen, choose, label }: ChoicesLooks) {
  return (
    <>
      <h2 class="pane-title">{label}</h2>
      <ul class="people">
        {people.map((one) => (
          <li key={one.id} class="person">
            <button
              type="button"
              class="person-main"
              aria-pressed={chosen ? chosen.has(one.id) : undefined}
              onClick={() => choose(one)}
            >
              <Avatar id={one.id} name={nameOf(one)} picture={portrait(one)} state={stateOf(one.id)} />
              <span class="person-words">
                <span class="person-name">{nameOf(one)}</span>
                <span class="person-note">@{one.username}</span>
              </span>
              {chosen && (
                <span class="tick" data-on={chosen.has(one.id)}>
                  <Icon name="check" />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
