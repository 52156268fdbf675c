import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { edit, send } from "../../chat/acts";
import { draftOf, keepDraft } from "../../chat/drafts";
import { tellTyping, typingEnded } from "../../chat/typing";
import { t } from "../../i18n/i18n";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { About } from "./About";
import { Suggestions, useCompletion } from "./completing";
import { Tray } from "./Tray";
import type { Talk } from "./talk";

const CHARACTERS = 4000;
/** From here on one is told how many are left. */
const NEAR_END = 3600;
/** A finger has no shift key: there, Enter begins a line, and the button sends. */
const fingers = matchMedia("(pointer: coarse)");
const EmojiPicker = later(() => import("./EmojiPicker"));

export function Composer({ talk }: { talk: Talk }) {
  const { id } = talk.room;
  const [text, setText] = useState(() => draftOf(id));
  const [picking, setPicking] = useState<{ x: number; y: number; above: number } | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const editing = talk.editing.value;
  const replyTo = talk.replyTo.value;
  const parcels = talk.parcels.value;
  const length = [...text].length;

  useEffect(() => {
    setText(editing ? editing.content : draftOf(id));
    if (editing || replyTo) field.current?.focus();
  }, [editing, replyTo, id]);
  useEffect(() => {
    if (!fingers.matches) field.current?.focus();
  }, [id]);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const write = (value: string, at?: number) => {
    setText(value);
    if (at !== undefined) caret.current = at;
    if (editing) return;
    keepDraft(id, value);
    tellTyping(id, value.trim() !== "");
  };
  const completion = useCompletion(talk, text, field, write);
  const ready = (text.trim() !== "" || (parcels.length > 0 && !editing)) && length <= CHARACTERS;
  const submit = () => {
    if (!ready) return;
    const said = text.trim();
    if (editing) {
      if (said !== editing.content) void edit(id, editing.id, said);
      talk.settle();
    } else {
      void send(id, said, replyTo?.id, parcels);
      keepDraft(id, "");
      typingEnded();
      talk.spoken();
      void talk.goTo();
    }
    setText(editing ? draftOf(id) : "");
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const at = field.current?.selectionStart ?? text.length;
    write(text.slice(0, at) + emoji + text.slice(field.current?.selectionEnd ?? at), at + emoji.length);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || completion.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !fingers.matches) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && (editing || replyTo)) {
      event.stopPropagation();
      talk.settle();
    } else if (event.key === "ArrowUp" && !text && !event.altKey) {
      event.preventDefault();
      const last = talk.lastOwn();
      if (event.shiftKey) document.querySelector<HTMLElement>(".messages .row[tabindex='0']")?.focus();
      else if (last) talk.change(last.message);
    }
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || editing) return;
    event.preventDefault();
    void talk.attach(files);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Suggestions completion={completion} />
      <About talk={talk} />
      {!editing && <Tray talk={talk} />}
      <div class="composer-line">
        <button
          type="button"
          class="icon-button"
          aria-label={t("composer.attach")}
          title={t("composer.attach")}
          disabled={!!editing}
          onClick={() => chooser.current?.click()}
        >
          <Icon name="paperclip" />
        </button>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label={t("composer.attach")}
          onChange={(event) => {
            void talk.attach([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
            field.current?.focus();
          }}
        />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={t("composer.placeholder")}
          aria-label={t("composer.placeholder")}
          aria-controls={completion.open ? completion.id : undefined}
          aria-activedescendant={completion.active}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={press}
          onKeyUp={completion.look}
          onClick={completion.look}
          onPaste={paste}
          onBlur={completion.close}
        />
        <button
          type="button"
          class="icon-button not-phone"
          aria-label={t("emoji.title")}
          title={t("emoji.title")}
          onClick={(event) => {
            const { right, top, bottom } = event.currentTarget.getBoundingClientRect();
            setPicking({ x: right - 320, y: bottom, above: top });
          }}
        >
          <Icon name="smile" />
        </button>
        <button type="submit" class="send" aria-label={t("composer.send")} disabled={!ready}>
          <Icon name={editing ? "check" : "send"} />
        </button>
      </div>
      {length > NEAR_END && (
        <p class={length > CHARACTERS ? "composer-left over" : "composer-left"} role="status">
          {length > CHARACTERS
            ? t("composer.over", { count: length - CHARACTERS })
            : t("composer.left", { count: CHARACTERS - length })}
        </p>
      )}
      {picking && <EmojiPicker at={picking} onPick={insert} onClose={() => setPicking(null)} />}
    </form>
  );
}
