import type { ComponentChildren } from "preact";
import { nameOf, type Person, portrait } from "../people/people";
import { stateOf } from "../people/presence";
import { Avatar } from "./Avatar";

interface Looks {
  person: Person;
  /** Under the name; else their username. */
  note?: ComponentChildren;
  /** Where the row leads. */
  href?: string;
  here?: boolean;
  children?: ComponentChildren;
}

/** Somebody in a list, with what can be done about them at its end. */
export function PersonRow({ person, note, href, here = false, children }: Looks) {
  const name = nameOf(person);
  const words = (
    <>
      <Avatar id={person.id} name={name} picture={portrait(person)} state={stateOf(person.id)} />
      <span class="person-words">
        <span class="person-name">{name}</span>
        <span class="person-note">{note ?? `@${person.username}`}</span>
      </span>
    </>
  );
  return (
    <li class="person" data-here={here}>
      {href ? (
        <a class="person-main" href={href} aria-current={here ? "page" : undefined}>
          {words}
        </a>
      ) : (
        <span class="person-main">{words}</span>
      )}
      {children && <span class="person-acts">{children}</span>}
    </li>
  );
}
