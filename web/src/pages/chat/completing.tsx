/** The list of those who may be meant, while a name is typed. */

import type { RefObject } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { begun, completed, suggested } from "../../chat/completion";
import { t } from "../../i18n/i18n";
import { meet, nameOf, type Person } from "../../people/people";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import { ask } from "../../wire/http";
import type { Talk } from "./talk";

const PAUSE_MS = 150;

export interface Completion {
  readonly id: string;
  readonly people: readonly Person[];
  readonly chosen: number;
  readonly open: boolean;
  readonly active: string | undefined;
  choose(person: Person): void;
  look(): void;
  close(): void;
  /** True when the key was meant for the list. */
  press(event: KeyboardEvent): boolean;
}

export function useCompletion(
  talk: Talk,
  text: string,
  field: RefObject<HTMLTextAreaElement | null>,
  write: (text: string, caret: number) => void,
): Completion {
  const id = useId();
  const [caret, setCaret] = useState(-1);
  const [chosen, setChosen] = useState(0);
  const [found, setFound] = useState<readonly Person[]>([]);
  const conversation = talk.room.summary.value;
  const wanted = caret < 0 ? undefined : begun(text, caret);
  const here = [...conversation.participants, ...found];
  const known = [...new Map(here.map((one) => [one.id, one] as const)).values()];
  const people = wanted ? suggested(known, wanted.query, myId.value) : [];
  const open = people.length > 0;
  const query = wanted?.query;

  // Of a large group only some are on hand.
  useEffect(() => {
    if (!query || conversation.kind !== "group") return;
    if (conversation.participants.length >= conversation.member_count) return;
    const timer = setTimeout(async () => {
      const path = { conversation_id: talk.room.id };
      const members = await ask("get", "/api/chat/groups/{conversation_id}/members", {
        path,
        query: { q: query, limit: 10 },
      }).catch(() => []);
      meet(members);
      setFound(members);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [query, talk, conversation.kind, conversation.member_count, conversation.participants.length]);

  const look = () => {
    const box = field.current;
    const next = box && box.selectionStart === box.selectionEnd ? box.selectionStart : -1;
    if (next !== caret) setChosen(0);
    setCaret(next);
  };
  const choose = (person: Person) => {
    if (!wanted) return;
    const next = completed(text, caret, wanted.from, person.username);
    setCaret(-1);
    write(next.text, next.caret);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (!open) return false;
    const one = people[Math.min(chosen, people.length - 1)];
    const acts: Record<string, () => void> = {
      ArrowDown: () => setChosen((chosen + 1) % people.length),
      ArrowUp: () => setChosen((chosen - 1 + people.length) % people.length),
      Enter: () => one && choose(one),
      Tab: () => one && choose(one),
      Escape: () => setCaret(-1),
    };
    const act = event.shiftKey ? undefined : acts[event.key];
    if (!act) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  };
  return {
    id,
    people,
    chosen,
    open,
    active: open ? `${id}-${chosen}` : undefined,
    choose,
    look: () => {
      if (document.activeElement === field.current) look();
    },
    close: () => setCaret(-1),
    press,
  };
}

export function Suggestions({ completion }: { completion: Completion }) {
  const { id, people, chosen, open, choose } = completion;
  if (!open) return null;
  return (
    <div class="suggestions" id={id} role="listbox" aria-label={t("composer.mention")}>
      {people.map((one, index) => (
        <div
          key={one.id}
          id={`${id}-${index}`}
          class="suggestion"
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            choose(one);
          }}
        >
          <Avatar id={one.id} name={nameOf(one)} size="s" />
          <span class="suggestion-name">{nameOf(one)}</span>
          {nameOf(one) !== one.username && <span class="suggestion-username">@{one.username}</span>}
        </div>
      ))}
    </div>
  );
}
