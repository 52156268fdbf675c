import { useEffect, useRef, useState } from "preact/hooks";
import { edit, send } from "../../chat/acts";
import { draftOf, keepDraft } from "../../chat/drafts";
import { excerpt, senderOf } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import type { Talk } from "./talk";

const CHARACTERS = 4000;
/** A finger has no shift key: there, Enter begins a line, and the button sends. */
const fingers = matchMedia("(pointer: coarse)");

export function Composer({ talk }: { talk: Talk }) {
  const { id } = talk.room;
  const [text, setText] = useState(() => draftOf(id));
  const field = useRef<HTMLTextAreaElement>(null);
  const editing = talk.editing.value;
  const replyTo = talk.replyTo.value;

  useEffect(() => {
    setText(editing ? editing.content : draftOf(id));
    if (editing || replyTo) field.current?.focus();
  }, [editing, replyTo, id]);
  useEffect(() => {
    if (!fingers.matches) field.current?.focus();
  }, [id]);

  const write = (value: string) => {
    setText(value);
    if (!editing) keepDraft(id, value);
  };
  const submit = () => {
    const said = text.trim();
    if (!said || [...said].length > CHARACTERS) return;
    if (editing) {
      if (said !== editing.content) void edit(id, editing.id, said);
    } else {
      void send(id, said, replyTo?.id);
      keepDraft(id, "");
      void talk.goTo();
    }
    talk.settle();
    setText(editing ? draftOf(id) : "");
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !fingers.matches) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (editing || replyTo)) {
      event.stopPropagation();
      talk.settle();
    } else if (event.key === "ArrowUp" && !text) {
      const last = talk.lastOwn();
      if (last) {
        event.preventDefault();
        talk.change(last.message);
      }
    }
  };

  const about = editing ?? replyTo;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {about && (
        <div class="composer-about">
          <Icon name={editing ? "edit" : "reply"} />
          <p>
            <span class="quote-who">{editing ? t("composer.editing") : senderOf(about, myId.value)}</span>
            <span class="quote-text">{excerpt(about)}</span>
          </p>
          <button type="button" class="icon-button" aria-label={t("cancel")} onClick={() => talk.settle()}>
            <Icon name="close" />
          </button>
        </div>
      )}
      <div class="composer-line">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={t("composer.placeholder")}
          aria-label={t("composer.placeholder")}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={press}
        />
        <button type="submit" class="send" aria-label={t("composer.send")} disabled={!text.trim()}>
          <Icon name={editing ? "check" : "send"} />
        </button>
      </div>
    </form>
  );
}
