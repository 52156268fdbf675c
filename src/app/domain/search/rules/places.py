"""Where a page ends and the next begins: a message's place among all of them, newest first."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.domain.search.rules.limits import UnknownCursor

CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})-([0-9]{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Place(NamedTuple):
    """Compared in this order. Within a conversation time runs with the numbers, so they alone decide there."""

    sent_at: datetime
    conversation_id: int
    number: int

    @classmethod
    def just_before(cls, time: datetime) -> "Place":
        """After all that was sent before this time, and before all that was sent then or later."""
        return cls(time, 0, 0)

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """Raises UnknownCursor."""
        match = CURSOR.fullmatch(cursor)
        if match is None:
            raise UnknownCursor
        microseconds, conversation_id, number = map(int, match.groups())
        return cls(EPOCH + microseconds * MICROSECOND, conversation_id, number)

    def written(self) -> str:
        return f"{(self.sent_at - EPOCH) // MICROSECOND}-{self.conversation_id}-{self.number}"
