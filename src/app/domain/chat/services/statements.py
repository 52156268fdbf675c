"""The SQL of what is said: hot, and therefore written by hand."""

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text, TextClause, bindparam, text

BIGINTS, TEXTS, TIMES, BYTES = ARRAY(BigInteger), ARRAY(Text), ARRAY(DateTime(timezone=True)), ARRAY(LargeBinary)

MESSAGE = (
    "m.seq, m.content, m.sender_id, u.username, m.sent_at, m.conversation_id, m.client_id, m.kind, m.subject_id, "
    "m.reply_to, m.mentions, m.reactions::text AS reactions, "
    "m.attachments::text AS attachments, m.card::text AS card, m.edited_at, m.deleted_at"
)


def statement(sql: str, **arrays: object) -> TextClause:
    return text(sql).bindparams(*[bindparam(name, type_=type_) for name, type_ in arrays.items()])  # type: ignore[arg-type]


BLOCKED = """
    EXISTS (SELECT FROM blocks b WHERE c.kind = 'direct'
            AND (b.blocker_id, b.blocked_id) IN ((c.pair_low, c.pair_high), (c.pair_high, c.pair_low)))
"""
"""Does a block stand between the two of a one-to-one chat?"""

# The rows that numbers come from are locked, so that commit order is number order even against a writer outside the
# inbox. An entry without a role here is an outsider's. The message is one that was stored under its client id before.
# After waiting for a lock, PostgreSQL reads anew only what it has locked. `last_seq` then differs from the `last_seen`
# of the time before, and who was put out or muted meanwhile is not: the survey is to be made again.
survey = statement(
    f"""
    WITH seen AS MATERIALIZED (SELECT id, last_seq FROM conversations WHERE id = ANY(:conversations))
    SELECT entry.place, c.last_seq, seen.last_seq AS last_seen, member.role, member.muted_until,
           u.username AS actor, {BLOCKED} AS blocked, m.fingerprint, {MESSAGE}
    FROM unnest(:conversations, :senders, :clients) WITH ORDINALITY
         AS entry (conversation_id, sender_id, client_id, place)
    JOIN conversations c ON c.id = entry.conversation_id
    JOIN seen ON seen.id = c.id
    JOIN users u ON u.id = entry.sender_id AND u.deactivated_at IS NULL AND coalesce(u.suspended_until <= now(), true)
    LEFT JOIN members member ON member.conversation_id = c.id AND member.user_id = u.id AND member.left_at IS NULL
    LEFT JOIN messages m
           ON m.conversation_id = c.id AND m.sender_id = u.id AND m.client_id = entry.client_id
    FOR UPDATE OF c
    """,
    conversations=BIGINTS,
    senders=BIGINTS,
    clients=TEXTS,
)

changes_made = statement(
    """
    SELECT entry.place, made.*
    FROM unnest(:conversations, :senders, :clients) WITH ORDINALITY
         AS entry (conversation_id, sender_id, client_id, place)
    JOIN changes made ON made.conversation_id = entry.conversation_id
         AND made.actor_id = entry.sender_id AND made.client_id = entry.client_id
    """,
    conversations=BIGINTS,
    senders=BIGINTS,
    clients=TEXTS,
)

targets = statement(
    f"""
    SELECT {MESSAGE}
    FROM unnest(:conversations, :numbers) AS target (conversation_id, seq)
    JOIN messages m ON m.conversation_id = target.conversation_id AND m.seq = target.seq
    JOIN users u ON u.id = m.sender_id
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
)

members_named = statement(
    """
    SELECT named.conversation_id, named.name, u.id
    FROM unnest(:conversations, :names) AS named (conversation_id, name)
    JOIN users u ON lower(u.username) = named.name
    JOIN members member ON member.conversation_id = named.conversation_id AND member.user_id = u.id
         AND member.left_at IS NULL
    """,
    conversations=BIGINTS,
    names=TEXTS,
)

insert_messages = statement(
    """
    INSERT INTO messages (conversation_id, seq, sender_id, client_id, fingerprint, kind, content, subject_id, reply_to,
                          mentions, attachments, card, sent_at)
    SELECT conversation_id, seq, sender_id, client_id, fingerprint, kind, content, subject_id, reply_to,
           mentions::bigint[], attachments::jsonb, card::jsonb, :now
    FROM unnest(:conversations, :numbers, :senders, :clients, :fingerprints, :kinds, :contents, :subjects, :replies,
                :mentions, :attachments, :cards)
         AS message (conversation_id, seq, sender_id, client_id, fingerprint, kind, content, subject_id, reply_to,
                     mentions, attachments, card)
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
    senders=BIGINTS,
    clients=TEXTS,
    fingerprints=BYTES,
    kinds=TEXTS,
    contents=TEXTS,
    subjects=BIGINTS,
    replies=BIGINTS,
    attachments=TEXTS,
    cards=TEXTS,
    mentions=TEXTS,  # Each an array's literal: PostgreSQL has no arrays of arrays of different lengths.
)

insert_changes = statement(
    """
    INSERT INTO changes (conversation_id, seq, message_id, actor_id, client_id, fingerprint, kind, content, mentions,
                         made_at)
    SELECT conversation_id, seq, message_id, actor_id, client_id, fingerprint, kind, content, mentions::bigint[], :now
    FROM unnest(:conversations, :numbers, :messages, :actors, :clients, :fingerprints, :kinds, :contents, :mentions)
         AS change (conversation_id, seq, message_id, actor_id, client_id, fingerprint, kind, content, mentions)
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
    messages=BIGINTS,
    actors=BIGINTS,
    clients=TEXTS,
    fingerprints=BYTES,
    kinds=TEXTS,
    contents=TEXTS,
    mentions=TEXTS,
)

# A deleted message's earlier texts go with it, and its card.
update_messages = statement(
    """
    WITH changed AS (
        SELECT * FROM unnest(:conversations, :numbers, :contents, :mentions, :reactions, :attachments, :edits,
                             :deletions)
               AS c (conversation_id, seq, content, mentions, reactions, attachments, edited_at, deleted_at)
    ), forgotten AS (
        UPDATE changes SET content = '', mentions = '{}' FROM changed
        WHERE changes.conversation_id = changed.conversation_id AND changes.message_id = changed.seq
          AND changes.kind = 'edited' AND changed.deleted_at IS NOT NULL
    )
    UPDATE messages m
    SET content = changed.content, mentions = changed.mentions::bigint[], reactions = changed.reactions::jsonb,
        attachments = changed.attachments::jsonb, card = CASE WHEN changed.deleted_at IS NULL THEN m.card END,
        edited_at = changed.edited_at, deleted_at = changed.deleted_at
    FROM changed WHERE m.conversation_id = changed.conversation_id AND m.seq = changed.seq
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
    contents=TEXTS,
    mentions=TEXTS,
    reactions=TEXTS,
    attachments=TEXTS,
    edits=TIMES,
    deletions=TIMES,
)

advance = statement(
    """
    UPDATE conversations c SET last_seq = newest.seq, last_activity_at = :now
    FROM unnest(:conversations, :numbers) AS newest (conversation_id, seq)
    WHERE c.id = newest.conversation_id
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
)

# What is past its time is not read any more, see `forgetting`.
REMEMBERED = "seq > (SELECT forgotten_until FROM conversations WHERE id = :conversation_id)"

messages_after = text(f"""
    SELECT {MESSAGE} FROM messages m JOIN users u ON u.id = m.sender_id
    WHERE m.conversation_id = :conversation_id AND m.seq > :number AND m.{REMEMBERED} ORDER BY m.seq LIMIT :limit
""")

messages_before = text(f"""
    SELECT {MESSAGE} FROM messages m JOIN users u ON u.id = m.sender_id
    WHERE m.conversation_id = :conversation_id AND m.seq < :number AND m.{REMEMBERED} ORDER BY m.seq DESC LIMIT :limit
""")

changes_between = text(f"""
    SELECT * FROM changes
    WHERE conversation_id = :conversation_id AND seq > :after AND seq <= :until AND {REMEMBERED} ORDER BY seq
""")

forgotten_until = text("SELECT forgotten_until FROM conversations WHERE id = :conversation_id")

newest = statement(
    f"""
    SELECT {MESSAGE}
    FROM conversations c
    CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE conversation_id = c.id AND seq > c.forgotten_until ORDER BY seq DESC LIMIT 1
    ) AS m
    JOIN users u ON u.id = m.sender_id
    WHERE c.id = ANY(:ids)
    """,
    ids=BIGINTS,
)

last_numbers = statement("SELECT id, last_seq FROM conversations WHERE id = ANY(:ids)", ids=BIGINTS)
