import { Component } from "preact";
import { withdraw } from "../../chat/acts";
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
import { later } from "../../ui/later";
import type { Message } from "../../wire/shapes";
import { Attachments, isPicture } from "./Attachments";
import { MessageText } from "./MessageText";
import { Reactions } from "./Reactions";
import type { Talk } from "./talk";

const Card = later(() => import("./Card"));

interface Looks {
  row: Row;
  talk: Talk;
  me: number;
  direct: boolean;
  lit: boolean;
  /** Somebody else has seen it. */
  seen: boolean;
  /** Tab comes to this one; arrows go on from it. */
  stop: boolean;
}

/** One of hundreds: drawn again only when something of it has changed. */
export class MessageRow extends Component<Looks, { near: boolean }> {
  override state = { near: false };

  override shouldComponentUpdate(next: Looks, soon: { near: boolean }): boolean {
    const { row, lit, me, direct, seen, stop } = this.props;
    const one = row.shown;
    const other = next.row.shown;
    return (
      one.message !== other.message ||
      one.state !== other.state ||
      one.errand !== other.errand ||
      row.first !== next.row.first ||
      row.last !== next.row.last ||
      lit !== next.lit ||
      me !== next.me ||
      seen !== next.seen ||
      stop !== next.stop ||
      this.state.near !== soon.near ||
      direct !== next.direct
    );
  }

  private readonly come = () => this.setState({ near: true });
  private readonly go = () => this.setState({ near: false });

  override render({ row, talk, me, direct, lit, seen, stop }: Looks, { near }: { near: boolean }) {
    const { message, key } = row.shown;
    if (message.kind) {
      return (
        <li class="happening" data-key={key} id={`m-${message.id}`}>
          <Told message={message} me={me} />
          {message.card && <Card card={message.card} message={message} talk={talk} />}
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
        tabIndex={stop ? 0 : -1}
        onMouseEnter={this.come}
        onMouseLeave={this.go}
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
        <div class={unframed(message) ? "bubble unframed" : "bubble"}>
          {named && row.first ? (
            <p class={`who tint-${message.sender_id % 8}`} dir="auto">
              {senderOf(message, me)}
            </p>
          ) : (
            <span class="hidden">{senderOf(message, me)}: </span>
          )}
          <Quote row={row} talk={talk} me={me} />
          {!message.deleted && <Attachments message={message} errand={row.shown.errand} talk={talk} />}
          {!message.deleted && message.card && <Card card={message.card} message={message} talk={talk} />}
          <div class="said" dir="auto">
            {message.deleted ? (
              <span class="text gone">{t("message.deleted")}</span>
            ) : (
              message.content && (
                <span class={isLarge(message.content) ? "text large" : "text"}>
                  <MessageText message={message} />
                </span>
              )
            )}
            <Meta row={row} own={own} seen={seen} />
          </div>
          <Reactions message={message} talk={talk} />
        </div>
        {near && message.id > 0 && !message.deleted && <Tools />}
        <Failure row={row} />
      </li>
    );
  }
}

/** By itself, so that it is said anew when a name becomes known. */
function Told({ message, me }: { message: Message; me: number }) {
  return <span dir="auto">{happening(message, me)}</span>;
}

/** Nothing but pictures: they need no frame. */
function unframed({ content, attachments, reply_to, deleted }: Message): boolean {
  const files = attachments ?? [];
  return !content && !reply_to && !deleted && files.length > 0 && files.every(isPicture);
}

const TOOLS = [
  ["emoji", "menu.react", "smile"],
  ["reply", "menu.reply", "reply"],
  ["menu", "menu.title", "more"],
] as const;

/** For a pointer; keys and fingers have their own ways (MessageList). */
function Tools() {
  return (
    <div class="tools">
      {TOOLS.map(([act, words, icon]) => (
        <button key={act} type="button" data-act={act} tabIndex={-1} aria-label={t(words)} title={t(words)}>
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}

function Quote({ row, talk, me }: { row: Row; talk: Talk; me: number }) {
  const id = row.shown.message.reply_to;
  if (!id) return null;
  const quoted = talk.message(id);
  return (
    <button type="button" class="quote" onClick={() => void talk.goTo(id)}>
      <span class="quote-who" dir="auto">
        {quoted ? senderOf(quoted, me) : t("message.reply")}
      </span>
      <span class="quote-text" dir="auto">
        {quoted ? excerpt(quoted) : t("message.reply.show")}
      </span>
    </button>
  );
}

function Meta({ row, own, seen }: { row: Row; own: boolean; seen: boolean }) {
  const { message, state } = row.shown;
  return (
    <span class="meta">
      <span class="meta-words" dir="ltr">
        {message.edited_at && !message.deleted && <span>{t("message.edited")}</span>}
        <time dateTime={message.timestamp} title={fully(message.timestamp)}>
          {clock(message.timestamp)}
        </time>
        {own &&
          (state === "failed" ? (
            <Icon name="warning" label={t("message.failed")} />
          ) : (
            !message.deleted && <Tick sending={!!state} seen={seen} />
          ))}
      </span>
    </span>
  );
}

function Tick({ sending, seen }: { sending: boolean; seen: boolean }) {
  if (sending) return <Icon name="clock" label={t("message.sending")} />;
  return seen ? (
    <span class="seen">
      <Icon name="checks" label={t("message.seen")} />
    </span>
  ) : (
    <Icon name="check" label={t("message.stored")} />
  );
}

function Failure({ row }: { row: Row }) {
  const { errand, state } = row.shown;
  if (state !== "failed" || !errand) return null;
  return (
    <p class="failure" role="alert">
      <span>{explainCode(errand.code ?? "", errand.reason)}</span>
      <button type="button" class="button button-quiet" onClick={() => outbox.retry(errand.client_id)}>
        {t("message.retry")}
      </button>
      <button type="button" class="button button-quiet" onClick={() => withdraw(errand)}>
        {t("message.discard")}
      </button>
    </p>
  );
}
