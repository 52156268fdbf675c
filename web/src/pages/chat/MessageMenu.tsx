import { react, withdraw } from "../../chat/acts";
import { atOnce, used } from "../../chat/emoji";
import type { Shown } from "../../chat/overlay";
import { seenBy } from "../../chat/receipts";
import { t } from "../../i18n/i18n";
import { calledById } from "../../people/people";
import { myId } from "../../session/session";
import { Floating, type Spot, walk } from "../../ui/Floating";
import { Icon, type IconName } from "../../ui/Icon";
import type { Talk } from "./talk";

/** What can be done with one message. */
export default function MessageMenu({ talk, shown, at }: { talk: Talk; shown: Shown; at: Spot }) {
  const { message, errand } = shown;
  const close = () => {
    talk.over.value = null;
  };
  const does = (act: () => void) => () => {
    close();
    act();
  };
  const stored = message.id > 0 && !message.deleted;
  const seen = stored && message.sender_id === myId.value ? seenBy(talk.room.id, message.id) : [];
  return (
    <Floating at={at} label={t("menu.title")} role="menu" onClose={close} onKeyDown={walk}>
      {stored && (
        <fieldset class="emoji-line" aria-label={t("menu.react")}>
          {atOnce().map((emoji) => {
            const mine = !!message.reactions?.[emoji]?.includes(myId.value);
            return (
              <button
                key={emoji}
                type="button"
                role="menuitemcheckbox"
                aria-checked={mine}
                class="emoji"
                onClick={does(() => {
                  used(emoji);
                  void react(talk.room.id, message.id, emoji, !mine);
                })}
              >
                {emoji}
              </button>
            );
          })}
          <button
            type="button"
            role="menuitem"
            class="emoji"
            aria-label={t("menu.react.more")}
            onClick={() => {
              talk.over.value = { kind: "emoji", shown, at };
            }}
          >
            <Icon name="plus" />
          </button>
        </fieldset>
      )}
      {stored && (
        <Item icon="reply" hint="R" act={does(() => talk.answer(message))}>
          {t("menu.reply")}
        </Item>
      )}
      {stored && talk.mayChange(message) && (
        <Item icon="edit" hint="E" act={does(() => talk.change(message))}>
          {t("menu.edit")}
        </Item>
      )}
      {message.content && (
        <Item icon="copy" hint="C" act={does(() => void navigator.clipboard?.writeText(message.content))}>
          {t("menu.copy")}
        </Item>
      )}
      {stored && (
        <Item
          icon="link"
          act={does(
            () => void navigator.clipboard?.writeText(`${location.origin}/c/${talk.room.id}/${message.id}`),
          )}
        >
          {t("menu.link")}
        </Item>
      )}
      {stored && message.sender_id !== myId.value && (
        <Item
          icon="warning"
          act={() => {
            talk.over.value = { kind: "report", message };
          }}
        >
          {t("menu.report")}
        </Item>
      )}
      {talk.mayDelete(message) && (
        <Item
          icon="trash"
          danger
          hint="Del"
          act={() => {
            talk.over.value = { kind: "deletion", message };
          }}
        >
          {t("menu.delete")}
        </Item>
      )}
      {errand && message.id === 0 && (
        <Item icon="close" danger act={does(() => withdraw(errand))}>
          {t("message.discard")}
        </Item>
      )}
      {seen.length > 0 && <p class="menu-seen">{t("seen.by", { who: seen.map(calledById).join(", ") })}</p>}
    </Floating>
  );
}

interface ItemLooks {
  icon: IconName;
  act: () => void;
  danger?: boolean;
  hint?: string;
  children: string;
}

function Item({ icon, act, danger = false, hint, children }: ItemLooks) {
  return (
    <button
      type="button"
      role="menuitem"
      data-step
      class={`menu-item ${danger ? "menu-danger" : ""}`}
      aria-keyshortcuts={hint}
      onClick={act}
    >
      <Icon name={icon} />
      <span>{children}</span>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: it takes no focus, and aria-keyshortcuts says it already */}
      {hint && <kbd aria-hidden="true">{hint}</kbd>}
    </button>
  );
}
