"""What a notice may be about, and how much of a text it quotes."""

from enum import StrEnum

IDS_AT_ONCE = 100
"""Notifications that one request may name."""

EXCERPT_CHARACTERS = 200
"""Quoted of a message. With names and the rest it stays within what one push may carry (RFC 8030, 7.2: 4096 bytes)."""


class Kind(StrEnum):
    FRIEND_REQUEST = "friend_request"
    FRIEND_ACCEPTED = "friend_accepted"
    MENTION = "mention"
    REPLY = "reply"
    INVITE = "invite"
    DRAW_WON = "draw_won"
    DRAW_ALERT = "draw_alert"
    """To staff."""
    WEBHOOK_DISABLED = "webhook_disabled"
    ACHIEVEMENT = "achievement"
    DIRECT_MESSAGE = "direct_message"
    """Pushed only: unread messages are counted by their conversation, not in the list of notifications."""


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[: EXCERPT_CHARACTERS - 1]}…"
