"""All rows."""

from collections.abc import Sequence

from tests.authorisation.row import Row
from tests.authorisation.rows import (
    accounts,
    bots,
    chat,
    files,
    groups,
    moderation,
    notifications,
    operation,
    people,
    play,
    webhooks,
)

SLICES = (accounts, bots, chat, files, groups, moderation, notifications, operation, people, play, webhooks)
ROWS: Sequence[Row] = [row for one in SLICES for row in one.ROWS]
