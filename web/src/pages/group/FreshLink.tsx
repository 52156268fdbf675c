import { useRef } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { say } from "../../ui/toast";

/** Where the browser lets no page write to the clipboard, it is selected, to be copied by hand. */
export function FreshLink({ url }: { url: string }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      say(t("group.link.copied"));
    } catch {
      field.current?.select();
    }
  };
  return (
    <div class="fresh-link">
      <input
        ref={field}
        class="input"
        readOnly
        value={url}
        aria-label={t("group.link")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => void copy()}>
        <Icon name="copy" />
        {t("group.link.copy")}
      </Button>
      <p class="note">{t("group.link.once")}</p>
    </div>
  );
}
