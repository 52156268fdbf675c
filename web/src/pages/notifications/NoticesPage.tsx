import { useEffect, useState } from "preact/hooks";
import { readLotteries } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { dayName } from "../../i18n/times";
import { further, markAllRead, notices, readFurther, readNotices, unread } from "../../notices/notices";
import { Awaited, Empty } from "../../ui/Awaited";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import type { Notification } from "../../wire/shapes";
import { NoticeRow } from "./NoticeRow";
import "../../styles/notices.css";

export default function NoticesPage() {
  const [trouble, setTrouble] = useState("");
  const doing = useDoing();
  const read = () => {
    setTrouble("");
    readNotices().catch((error) => setTrouble(explain(error)));
  };
  useEffect(read, []);
  const drawn = notices.value.some(({ body }) => body.lottery);
  useEffect(() => {
    if (drawn) void readLotteries();
  }, [drawn]);
  const known = { value: further.value === undefined ? undefined : notices.value, trouble, again: read };
  return (
    <Page
      title={t("place.notifications")}
      actions={
        unread.value > 0 && (
          <Button kind="quiet" busy={doing.busy} onClick={() => void doing.act(markAllRead)}>
            <Icon name="checks" />
            {t("activity.read")}
          </Button>
        )
      }
    >
      <Complaint of={doing} />
      <Awaited of={known} ghosts={6}>
        {(list) =>
          list.length ? (
            <>
              {byDay(list).map(([day, those]) => (
                <section key={day} class="notices-day">
                  <h2>{day}</h2>
                  <ul class="notices">
                    {those.map((one) => (
                      <NoticeRow key={one.id} notice={one} />
                    ))}
                  </ul>
                </section>
              ))}
              {further.value && (
                <Button kind="plain" busy={doing.busy} onClick={() => void doing.act(readFurther)}>
                  {t("activity.more")}
                </Button>
              )}
            </>
          ) : (
            <Empty>
              <Icon name="bell" />
              <p>{t("activity.none")}</p>
            </Empty>
          )
        }
      </Awaited>
    </Page>
  );
}

function byDay(list: readonly Notification[]): [string, Notification[]][] {
  const days = new Map<string, Notification[]>();
  for (const one of list) {
    const day = dayName(one.created_at);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  return [...days];
}
