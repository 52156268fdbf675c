"""Why a socket is closed, and what its client does then. docs/protocol.md has the same table; a test compares."""

from typing import NamedTuple

from app.domain.accounts.sockets import CLOSE_FORBIDDEN, CLOSE_MALFORMED, CLOSE_NOT_LOGGED_IN
from app.hub.outbox import CLOSE_TOO_SLOW


class CloseCode(NamedTuple):
    code: int
    """RFC 6455; from 4000 on, ours."""
    meaning: str
    remedy: str


CLOSE_CODES = (
    CloseCode(1002, "a frame broke the protocol, or came compressed", "mend the client"),
    CloseCode(1007, "a text frame was not UTF-8", "mend the client"),
    CloseCode(1009, "a frame was too large", "mend the client"),
    CloseCode(1011, "no answer to a ping, or something went wrong on our side", "reconnect and resume"),
    CloseCode(1012, "the process stops or restarts", "reconnect and resume, after a short random pause"),
    CloseCode(CLOSE_MALFORMED, "`?after=` is no message's id (`/ws/chat/` only)", "mend the client"),
    CloseCode(
        CLOSE_FORBIDDEN,
        "you are not, or no longer, in this conversation (`/ws/chat/` only), "
        "or your API key has no scope for this socket",
        "do not reconnect",
    ),
    CloseCode(
        CLOSE_NOT_LOGGED_IN,
        "the credential is missing, wrong or expired, or the session has ended: logged out, or suspended",
        "refresh the token or log in, then reconnect and resume",
    ),
    CloseCode(CLOSE_TOO_SLOW, "your reader fell more than 1 Mi characters behind", "reconnect and resume"),
)
