"""The words of a notification, for a push and for a digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.notices.rules.kinds import Kind
from app.domain.notices.schemas import NoticeBody


@dataclass(frozen=True)
class Words:
    title: str
    text: str = ""
    """What was written, where something was."""

    @property
    def line(self) -> str:
        return f"{self.title}: {self.text}" if self.text else self.title


def words_for(kind: str, body: NoticeBody) -> Words:
    """A kind that is not known here, as during an upgrade, is announced without details."""
    who, text = body.username or "Somebody", body.excerpt or ""
    place = f" in {body.conversation}" if body.conversation else ""
    words: dict[str, Words] = {
        Kind.FRIEND_REQUEST: Words(f"{who} wants to be your friend"),
        Kind.FRIEND_ACCEPTED: Words(f"{who} is now your friend"),
        Kind.MENTION: Words(f"{who} mentioned you{place}", text),
        Kind.REPLY: Words(f"{who} replied to you{place}", text),
        Kind.INVITE: Words(f"{who} invited you to {body.conversation or 'a group'}"),
        Kind.DRAW_WON: Words(f"You have won in the {body.lottery} draw of {body.period}"),
        Kind.DRAW_ALERT: Words(
            f"The {body.lottery} draw of {body.period} needs an operator", (body.reason or "").replace("_", " ")
        ),
        Kind.WEBHOOK_DISABLED: Words(f"A webhook of yours{place} was switched off", body.url or ""),
        Kind.ACHIEVEMENT: Words("You have earned an achievement", body.title or ""),
        Kind.DIRECT_MESSAGE: Words(who, text),
    }
    return words.get(kind, Words("Something new"))


def digest_of(reader: str, lines: Sequence[str], unread: int, *, app: str, unsubscribe: str) -> Words:
    """A digest's subject and body. `lines` are the newest of so many `unread`."""
    notifications = "1 unread notification" if unread == 1 else f"{unread} unread notifications"
    listed = "\n".join(f"- {line}" for line in lines)
    more = f"\n- and {unread - len(lines)} more" if unread > len(lines) else ""
    return Words(
        title=f"{notifications} at Parlour",
        text=f"""Hello {reader},

since the last digest you have {notifications}:

{listed}{more}

Read on at {app}

To get no more digests, follow this link:

{unsubscribe}
""",
    )
