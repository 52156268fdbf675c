import { Component } from "preact";
import { happening } from "../../chat/happenings";
import { excerpt, senderOf } from "../../chat/names";
import { outbox } from "../../chat/rooms";
import type { Row } from "../../chat/rows";
import { isLarge } from "../../chat/text";
import { t } from "../../i18n/i18n";
import { explainCode } from "../../i18n/refusals";
import { clock, fully } from "../../i18n/times";
import { person, portrait } from "../../people/people";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { MessageText } from "./MessageText";
import type { Talk } from "./talk";

interface Looks {
  row: Row;
  talk: Talk;
  me: number;
  direct: boolean;
  lit: boolean;
}

/** One of hundreds: drawn again only when something of it has changed. */
export class MessageRow extends Component<Looks> {
  override shouldComponentUpdate(next: Looks): boolean {
    const { row, lit, me, direct } = this.props;
    const one = row.shown;
    const other = next.row.shown;
    return (
      one.message !== other.message ||
      one.state !== other.state ||
      row.first !== next.row.first ||
      row.last !== next.row.last ||
      lit !== next.lit ||
      me !== next.me ||
      direct !== next.direct
    );
  }

  override render({ row, talk, me, direct, lit }: Looks) {
    const { message, key } = row.shown;
    if (message.kind) {
      return (
        <li class="happening" data-key={key} id={`m-${message.id}`}>
          {happening(message, me)}
        </li>
      );
    }
    const own = message.sender_id === me;
    const named = !own && !direct;
    return (
      <li
        class={`row ${own ? "own" : ""} ${row.first ? "first" : ""} ${row.last ? "last" : ""} ${lit ? "lit" : ""}`}
        data-key={key}
        data-state={row.shown.state}
        id={message.id ? `m-${message.id}` : undefined}
      >
        {named && (
          <span class="row-avatar">
            {row.last && (
              <Avatar
                id={message.sender_id}
                name={senderOf(message, me)}
                picture={portrait(person(message.sender_id))}
                size="s"
              />
            )}
          </span>
        )}
        <div class="bubble">
          {named && row.first ? (
            <p class={`who tint-${message.sender_id % 8}`}>{senderOf(message, me)}</p>
          ) : (
            <span class="hidden">{senderOf(message, me)}: </span>
          )}
          <Quote row={row} talk={talk} me={me} />
          {message.deleted ? (
            <span class="text gone">{t("message.deleted")}</span>
          ) : (
            message.content && (
              <span class={isLarge(message.content) ? "text large" : "text"}>
                <MessageText message={message} />
              </span>
            )
          )}
          <Meta row={row} own={own} />
        </div>
        <Failure row={row} />
      </li>
    );
  }
}

function Quote({ row, talk, me }: { row: Row; talk: Talk; me: number }) {
  const id = row.shown.message.reply_to;
  if (!id) return null;
  const quoted = talk.message(id);
  return (
    <button type="button" class="quote" onClick={() => void talk.goTo(id)}>
      <span class="quote-who">{quoted ? senderOf(quoted, me) : t("message.reply")}</span>
      <span class="quote-text">{quoted ? excerpt(quoted) : t("message.reply.show")}</span>
    </button>
  );
}

function Meta({ row, own }: { row: Row; own: boolean }) {
  const { message, state } = row.shown;
  return (
    <span class="meta">
      {message.edited_at && !message.deleted && <span>{t("message.edited")}</span>}
      <time dateTime={message.timestamp} title={fully(message.timestamp)}>
        {clock(message.timestamp)}
      </time>
      {own &&
        (state === "failed" ? (
          <Icon name="warning" label={t("message.failed")} />
        ) : (
          <Tick sending={!!state} />
        ))}
    </span>
  );
}

function Tick({ sending }: { sending: boolean }) {
  return sending ? (
    <Icon name="clock" label={t("message.sending")} />
  ) : (
    <Icon name="check" label={t("message.stored")} />
  );
}

function Failure({ row }: { row: Row }) {
  const { errand, state } = row.shown;
  if (state !== "failed" || !errand) return null;
  return (
    <p class="failure" role="alert">
      <span>{explainCode(errand.code ?? "")}</span>
      <button type="button" class="button button-quiet" onClick={() => outbox.retry(errand.client_id)}>
        {t("message.retry")}
      </button>
      <button type="button" class="button button-quiet" onClick={() => void outbox.discard(errand.client_id)}>
        {t("message.discard")}
      </button>
    </p>
  );
}
