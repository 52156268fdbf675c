"""Who should know of a message beyond those who are there: whom it names, whom it answers, whom it is addressed to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services.rows import array_literal
from app.domain.chat.services.statements import BIGINTS, TEXTS, statement
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified, excerpt

# Members who are people, not across a block. What is only addressed to somebody is at most pushed, to a device.
# Most messages concern nobody. So whom they concern comes first, and each is then looked up by key, in subqueries that
# PostgreSQL does not turn into joins: in a group of ten thousand that would read ten thousand members a message.
concerned = statement(
    """
    SELECT said.place, person.id, person.kind, c.name
    FROM unnest(:conversations, :numbers, :senders, :replies, :mentions) WITH ORDINALITY
         AS said (conversation_id, seq, sender_id, reply_to, mentions, place)
    JOIN conversations c ON c.id = said.conversation_id
    CROSS JOIN LATERAL (
        SELECT unnest(said.mentions::bigint[]) AS id, 'mention' AS kind
        UNION ALL
        SELECT (SELECT m.sender_id FROM messages m
                WHERE m.conversation_id = c.id AND m.seq = said.reply_to AND m.kind IS NULL), 'reply'
        WHERE said.reply_to IS NOT NULL
        UNION ALL
        SELECT s.user_id, 'direct_message' FROM push_subscriptions s
        WHERE c.kind = 'direct' AND s.user_id IN (c.pair_low, c.pair_high)
    ) AS person
    WHERE person.id <> said.sender_id
      AND (SELECT m.left_at IS NULL FROM members m WHERE m.conversation_id = c.id AND m.user_id = person.id)
      AND (SELECT u.bot_owner_id IS NULL AND u.deactivated_at IS NULL FROM users u WHERE u.id = person.id)
      AND (SELECT count(*) = 0 FROM blocks b WHERE (b.blocker_id, b.blocked_id)
           IN ((said.sender_id, person.id), (person.id, said.sender_id)))
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
    senders=BIGINTS,
    replies=BIGINTS,
    mentions=TEXTS,
)

KINDS = (Kind.MENTION, Kind.REPLY, Kind.DIRECT_MESSAGE)
"""Of what a message is to one person, the first counts: they are told once."""

ByMessage = dict[tuple[int, int], list[Notified]]
"""By conversation and number."""


async def notify_of(session: AsyncSession, facts: Sequence[EventFrame]) -> ByMessage:
    """Write, in the transaction that stores these, who is to be notified. What was notified before is not again."""
    said = [fact for fact in facts if isinstance(fact, MessageFrame) and fact.kind is None and not fact.deleted]
    if not said:
        return {}
    rows = await session.execute(
        concerned,
        {
            "conversations": [one.conversation_id for one in said],
            "numbers": [one.message_id for one in said],
            "senders": [one.sender_id for one in said],
            "replies": [one.reply_to for one in said],
            "mentions": [array_literal(one.mentions) for one in said],
        },
    )
    found = sorted(rows, key=lambda row: KINDS.index(Kind(row.kind)), reverse=True)
    told = {(row.place, row.id): notice_of(said[row.place - 1], row.id, Kind(row.kind), row.name) for row in found}
    by_message: ByMessage = defaultdict(list)
    for one in await Notifications(session=session).notify(list(told.values())):
        conversation_id, number = one.notification.conversation_id, one.notification.body.message_id
        by_message[conversation_id or 0, number or 0].append(one)
    return by_message


def notice_of(message: MessageFrame, user_id: int, kind: Kind, group: str | None) -> Notice:
    body = NoticeBody(
        user_id=message.sender_id,
        username=message.sender,
        conversation=group,
        message_id=message.message_id,
        excerpt=excerpt(message.message),
    )
    key = f"message:{message.conversation_id}:{message.message_id}"
    return Notice(user_id, key, kind, body, message.conversation_id, listed=kind != Kind.DIRECT_MESSAGE)


async def notify_of_invitation(
    session: AsyncSession, group: Conversation, inviter: tuple[int, str], user_ids: Iterable[int], number: int = 0
) -> list[Notified]:
    """Somebody, by id and name, has put people into a group; its own message of this number tells so."""
    inviter_id, username = inviter
    body = NoticeBody(user_id=inviter_id, username=username, conversation=group.name)
    key = f"invite:{group.id}:{number}"
    return await Notifications(session=session).notify(
        [Notice(user_id, key, Kind.INVITE, body, group.id) for user_id in user_ids]
    )
