import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { goOnAt } from "../../shell/focus";
import { Icon } from "../../ui/Icon";
import { Hits } from "./Hits";
import type { Talk } from "./talk";
import "../../styles/hits.css";
import { SearchBox } from "../../ui/SearchBox";

const phone = matchMedia("(max-width: 56rem)");

/** Looks for something in this conversation. */
export default function SearchPanel({ talk }: { talk: Talk }) {
  const [sought, setSought] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    field.current?.focus();
    return () => goOnAt(before);
  }, []);
  const close = () => {
    talk.searching.value = false;
  };
  return (
    <search
      class="search-panel"
      aria-label={t("search.here")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header class="search-head">
        <SearchBox field={field} label={t("search.here")} value={sought} onSeek={setSought} maxLength={100} />
        <button type="button" class="icon-button" aria-label={t("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="search-body">
        {!sought.trim() && <p class="hits-note">{t("search.hint")}</p>}
        <Hits
          sought={sought}
          here={talk.room.id}
          onChoose={({ message }) => {
            if (phone.matches) close();
            void talk.goTo(message.id);
          }}
        />
      </div>
    </search>
  );
}
