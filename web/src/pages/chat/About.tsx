import { excerpt, senderOf } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import type { Talk } from "./talk";

/** What one answers, or edits. */
export function About({ talk }: { talk: Talk }) {
  const editing = talk.editing.value;
  const about = editing ?? talk.replyTo.value;
  if (!about) return null;
  return (
    <div class="composer-about">
      <Icon name={editing ? "edit" : "reply"} />
      <p>
        <span class="quote-who">{editing ? t("composer.editing") : senderOf(about, myId.value)}</span>
        <span class="quote-text" dir="auto">
          {excerpt(about)}
        </span>
      </p>
      <button type="button" class="icon-button" aria-label={t("cancel")} onClick={() => talk.settle()}>
        <Icon name="close" />
      </button>
    </div>
  );
}
