import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { readUpTo } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { dayName } from "../../i18n/times";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import { MessageRow } from "./MessageRow";
import { ScrollHold } from "./scrolling";
import type { Talk } from "./talk";

/** From how far away the next page is fetched, so that it is there before it is reached. */
const NEAR_PX = 900;

export function MessageList({ talk }: { talk: Talk }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [hold] = useState(() => new ScrollHold());
  const [away, setAway] = useState(false);
  const { history, summary } = talk.room;
  const rows = talk.rows.value;
  const loading = history.loading.value;
  const { fromStart, toEnd } = history.timeline.value;

  useLayoutEffect(() => hold.attach(scroller.current as HTMLDivElement), [hold]);
  useLayoutEffect(() => hold.restore());
  useEffect(() => {
    if (talk.target.value) hold.show(`m-${talk.target.value.id}`);
  }, [hold, talk.target.value]);

  const grow = () => {
    const box = scroller.current;
    if (!box) return;
    if (box.scrollTop < NEAR_PX) history.earlier().catch(complain);
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX) history.later().catch(complain);
  };
  const complain = (error: unknown) => {
    talk.trouble.value = explain(error);
  };
  const see = () => {
    const atEnd = toEnd && hold.atEnd;
    setAway(!atEnd && rows.length > 0);
    const newest = rows.findLast(({ shown }) => shown.message.id > 0)?.shown.message.id ?? 0;
    if (atEnd && newest && document.visibilityState === "visible" && document.hasFocus())
      readUpTo(talk.room, newest);
  };
  useEffect(() => {
    grow();
    see();
    addEventListener("focus", see);
    return () => removeEventListener("focus", see);
  });

  return (
    <div class="scroll-frame">
      <div
        class="scroll"
        ref={scroller}
        onScroll={() => {
          hold.note();
          grow();
          see();
        }}
      >
        <div class="scroll-content">
          <p class="scroll-edge" role="status">
            {loading === "earlier" || (loading === "all" && !rows.length) ? t("loading") : ""}
            {fromStart && !rows.length && !loading ? t("chat.begin") : ""}
          </p>
          {talk.trouble.value && (
            <p class="scroll-trouble" role="alert">
              {talk.trouble.value}{" "}
              <button type="button" class="button button-quiet" onClick={() => void talk.goTo()}>
                {t("again")}
              </button>
            </p>
          )}
          <ol class="messages" aria-label={t("chat.messages")}>
            {rows.flatMap((row) => [
              row.day && (
                <li class="day" key={`day-${row.day.slice(0, 10)}-${row.shown.key}`}>
                  <span>{dayName(row.day)}</span>
                </li>
              ),
              row.fresh && (
                <li class="fresh" key="fresh">
                  <span>{t("chat.fresh")}</span>
                </li>
              ),
              <MessageRow
                key={row.shown.key}
                row={row}
                talk={talk}
                me={myId.value}
                direct={summary.value.kind === "direct"}
                lit={talk.lit.value !== 0 && talk.lit.value === row.shown.message.id}
              />,
            ])}
          </ol>
        </div>
      </div>
      {away && (
        <button
          type="button"
          class="to-end"
          aria-label={t("chat.toEnd")}
          onClick={() => void talk.goTo().then(() => hold.toEnd())}
        >
          <Icon name="down" />
          {summary.value.unread.messages > 0 && <span class="badge">{summary.value.unread.messages}</span>}
        </button>
      )}
    </div>
  );
}
