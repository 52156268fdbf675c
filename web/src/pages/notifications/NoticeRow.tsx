import { hasWords, t } from "../../i18n/i18n";
import { clock, fully } from "../../i18n/times";
import { destination } from "../../notices/list";
import { markRead, remove } from "../../notices/notices";
import { calledBy, person, portrait } from "../../people/people";
import { Avatar } from "../../ui/Avatar";
import { useDoing } from "../../ui/asking";
import { Icon, type IconName } from "../../ui/Icon";
import type { Notification } from "../../wire/shapes";
import { lotteryName, periodInside } from "../draws/names";

const ICONS: Readonly<Record<string, IconName>> = {
  draw_won: "draws",
  draw_alert: "warning",
  webhook_disabled: "warning",
  achievement: "draws",
};

export function NoticeRow({ notice }: { notice: Notification }) {
  const doing = useDoing();
  const to = destination(notice);
  const words = (
    <>
      <Face notice={notice} />
      <span class="notice-words">
        <span class="notice-text">{noticeWords(notice)}</span>
        {notice.body.excerpt && <span class="notice-excerpt">{notice.body.excerpt}</span>}
      </span>
      <time class="notice-time" dateTime={notice.created_at} title={fully(notice.created_at)}>
        {clock(notice.created_at)}
      </time>
      {!notice.read_at && <span class="notice-new" role="img" aria-label={t("chat.fresh")} />}
    </>
  );
  const read = () => {
    if (!notice.read_at) void markRead(notice.id).catch(() => {});
  };
  return (
    <li class="notice" data-new={!notice.read_at}>
      {to ? (
        <a class="notice-main" href={to} onClick={read}>
          {words}
        </a>
      ) : (
        <button type="button" class="notice-main" onClick={read}>
          {words}
        </button>
      )}
      <button
        type="button"
        class="icon-button notice-remove"
        aria-label={t("activity.remove")}
        title={t("activity.remove")}
        disabled={doing.busy}
        onClick={() => void doing.act(() => remove(notice.id))}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

/** A kind that we do not know of yet is told by what it holds. */
export function noticeWords({ kind, body }: Notification): string {
  const who = body.user_id ? calledBy(body.user_id, body.username ?? "") : (body.username ?? "");
  const key = `notice.${kind}${body.conversation && hasWords(`notice.${kind}.in`) ? ".in" : ""}`;
  const achievement = `play.achievement.${body.achievement}`;
  const values = {
    who,
    group: body.conversation ?? "",
    title: hasWords(achievement) ? t(achievement) : (body.title ?? ""),
    lottery: body.lottery ? lotteryName(body.lottery) : "",
    period: body.period ? periodInside({ period: body.period }) : "",
    url: body.url ?? "",
  };
  return hasWords(key)
    ? t(key, values)
    : [who, body.title ?? body.excerpt ?? kind].filter(Boolean).join(": ");
}

function Face({ notice: { kind, body } }: { notice: Notification }) {
  if (body.user_id) {
    const name = calledBy(body.user_id, body.username ?? "");
    return <Avatar id={body.user_id} name={name} picture={portrait(person(body.user_id))} />;
  }
  return (
    <span class="notice-icon">
      <Icon name={ICONS[kind] ?? "bell"} />
    </span>
  );
}
