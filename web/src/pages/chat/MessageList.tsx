import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { readersOf } from "../../chat/receipts";
import { readUpTo } from "../../chat/rooms";
import type { Row } from "../../chat/rows";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { dayName } from "../../i18n/times";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import { useHands, useStop } from "./hands";
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
  const stop = useStop(talk);
  const seenTo = Math.max(0, ...readersOf(talk.room.id).values());
  const hands = useHands(talk);
  const loading = history.loading.value;
  const { fromStart, toEnd } = history.timeline.value;

  useLayoutEffect(() => hold.attach(scroller.current as HTMLDivElement), [hold]);
  useLayoutEffect(() => hold.restore());
  useEffect(() => {
    const target = talk.target.value;
    if (target) hold.show(target.id ? `m-${target.id}` : "fresh", target.id ? "center" : "start");
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
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const last = atEnd ? rows.at(-1) : talk.row(hold.lastSeen()?.dataset.key ?? "");
    const newest = last?.shown.message.id || (last && newestOf(rows)) || 0;
    if (newest) readUpTo(talk.room, newest);
  };
  useEffect(() => {
    grow();
    see();
    addEventListener("focus", see);
    document.addEventListener("visibilitychange", see);
    return () => {
      removeEventListener("focus", see);
      document.removeEventListener("visibilitychange", see);
    };
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
          <ol class="messages" aria-label={t("chat.messages")} {...hands}>
            {rows.flatMap((row) => [
              row.day && (
                <li class="day" key={`day-${row.day.slice(0, 10)}-${row.shown.key}`}>
                  <span>{dayName(row.day)}</span>
                </li>
              ),
              row.fresh && (
                <li class="fresh" key="fresh" id="fresh">
                  <span>{t("chat.fresh")}</span>
                </li>
              ),
              <MessageRow
                key={row.shown.key}
                row={row}
                talk={talk}
                me={myId.value}
                direct={summary.value.kind === "direct"}
                seen={row.shown.message.id > 0 && row.shown.message.id <= seenTo}
                stop={row.shown.key === stop}
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
          {summary.value.unread.messages > 0 && (
            <span class="badge">{counted(summary.value.unread.messages)}</span>
          )}
        </button>
      )}
    </div>
  );
}

function newestOf(rows: readonly Row[]): number {
  return rows.findLast(({ shown }) => shown.message.id > 0)?.shown.message.id ?? 0;
}

function counted(messages: number): string {
  return messages >= 100 ? "99+" : String(messages);
}
