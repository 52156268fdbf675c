"""The SQL of the index."""

from sqlalchemy import ARRAY, Integer, text

from app.domain.chat.services.statements import BIGINTS, MESSAGE, TEXTS, TIMES, statement

INTEGERS = ARRAY(Integer)
LOCK = 7_271_669
"""The advisory lock of whoever writes the index. Any number that nobody else uses."""

take_lock = text("SELECT pg_try_advisory_xact_lock(:lock)").bindparams(lock=LOCK)

# Those that are least behind come first, so that a backlog does not hold up what was just said.
behind = text("""
    SELECT c.id, coalesce(p.seq, 0) AS position, c.last_seq
    FROM conversations c LEFT JOIN search_positions p ON p.conversation_id = c.id
    WHERE c.last_seq > coalesce(p.seq, 0)
    ORDER BY c.last_seq - coalesce(p.seq, 0) LIMIT :limit
""")

# The messages of each stretch of events, and those that were edited or deleted in it, all as they are now.
touched = statement(
    """
    WITH stretch AS (
        SELECT * FROM unnest(:conversations, :after, :until) AS stretch (conversation_id, after, until)
    ), touched AS (
        SELECT m.conversation_id, m.seq FROM stretch
        JOIN messages m ON m.conversation_id = stretch.conversation_id
             AND m.seq > stretch.after AND m.seq <= stretch.until
        UNION
        SELECT change.conversation_id, change.message_id FROM stretch
        JOIN changes change ON change.conversation_id = stretch.conversation_id
             AND change.seq > stretch.after AND change.seq <= stretch.until AND change.kind IN ('edited', 'deleted')
    )
    SELECT m.conversation_id, m.seq, m.sender_id, m.sent_at, m.content,
           m.kind IS NULL AND m.deleted_at IS NULL AS findable, m.attachments <> '[]' AS has_file
    FROM touched JOIN messages m ON m.conversation_id = touched.conversation_id AND m.seq = touched.seq
    """,
    conversations=BIGINTS,
    after=BIGINTS,
    until=BIGINTS,
)

put = statement(
    """
    INSERT INTO search_entries (conversation_id, seq, sent_at, tokens)
    SELECT conversation_id, seq, sent_at, tokens::integer[]
    FROM unnest(:conversations, :numbers, :times, :tokens) AS entry (conversation_id, seq, sent_at, tokens)
    ON CONFLICT (conversation_id, seq) DO UPDATE SET tokens = excluded.tokens
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
    times=TIMES,
    tokens=TEXTS,  # Each an array's literal: PostgreSQL has no arrays of arrays of different lengths.
)

drop = statement(
    """
    DELETE FROM search_entries e USING unnest(:conversations, :numbers) AS gone (conversation_id, seq)
    WHERE e.conversation_id = gone.conversation_id AND e.seq = gone.seq
    """,
    conversations=BIGINTS,
    numbers=BIGINTS,
)

# Of what is past its time in its conversation, or went with it.
drop_forgotten = text("""
    DELETE FROM search_entries WHERE (conversation_id, seq) IN (
        SELECT e.conversation_id, e.seq
        FROM conversations c JOIN search_entries e ON e.conversation_id = c.id AND e.seq <= c.forgotten_until
        WHERE c.forgotten_until > 0 LIMIT :limit
    )
""")

move = statement(
    """
    INSERT INTO search_positions (conversation_id, seq)
    SELECT * FROM unnest(:conversations, :until)
    ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq
    """,
    conversations=BIGINTS,
    until=BIGINTS,
)

# What PostgreSQL has put aside goes into the index now, sorted, at a fifth of what it costs one by one; searches would
# read all of it each time.
merge = text("SELECT gin_clean_pending_list('ix_search_entries_tokens')")

readable = text("""
    SELECT c.id, c.last_activity_at FROM members mine JOIN conversations c ON c.id = mine.conversation_id
    WHERE mine.user_id = :reader_id AND mine.left_at IS NULL
""")

# The index on `tokens` is the one way to read so few of so many rows, which the planner cannot know: how often grams
# stand together is in no statistics. Compiling takes longer than running.
bounds = text("""
    SELECT set_config('statement_timeout', :milliseconds, true), set_config('enable_seqscan', 'off', true),
           set_config('jit', 'off', true)
""")


def candidates(scope: str) -> str:
    """Entries with all tokens asked for, newest first, each with its message if the reader may see it."""
    return f"""
        SELECT found.sent_at AS placed_at, found.conversation_id AS placed_in, found.seq AS placed_as, {MESSAGE}
        FROM (
            SELECT conversation_id, seq, sent_at FROM search_entries
            WHERE tokens @> :tokens {scope}
              AND (sent_at, conversation_id, seq) < (:time, :conversation_id, :number) AND sent_at >= :since
            ORDER BY sent_at DESC, conversation_id DESC, seq DESC LIMIT :limit
        ) AS found
        LEFT JOIN members mine
               ON mine.conversation_id = found.conversation_id AND mine.user_id = :reader_id AND mine.left_at IS NULL
        LEFT JOIN messages m ON m.conversation_id = mine.conversation_id AND m.seq = found.seq
        LEFT JOIN users u ON u.id = m.sender_id
        ORDER BY placed_at DESC, placed_in DESC, placed_as DESC
    """


in_one = statement(candidates(""), tokens=INTEGERS)
in_many = statement(candidates("AND tokens && :conversations"), tokens=INTEGERS, conversations=INTEGERS)
