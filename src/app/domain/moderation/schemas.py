"""The shapes of reports, decisions and people as moderators see them."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.accounts.standing import SUSPENSION_REASON_MAX_LENGTH, StaffRole
from app.domain.chat.schemas.cards import Card
from app.domain.chat.schemas.events import MessageOut
from app.domain.chat.schemas.fields import RowId
from app.domain.moderation.rules import COMMENT_CHARACTERS, Action, Kind, Reason

WRITTEN = r"^[^\x00-\x08\x0b-\x1f\x7f]*\Z"
"""No control characters but tabs and line feeds."""

ReportName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=r"^[\x21-\x7e]+\Z",
        description="Your own name for this report. Sending it again under the same name creates nothing, ever.",
    ),
]
Comment = Annotated[str, Meta(max_length=COMMENT_CHARACTERS, pattern=WRITTEN)]
Note = Annotated[str, Meta(max_length=SUSPENSION_REASON_MAX_LENGTH, pattern=WRITTEN)]
Why = Annotated[str, Meta(min_length=1, max_length=SUSPENSION_REASON_MAX_LENGTH, pattern=WRITTEN)]
Until = Annotated[datetime, Meta(tz=True)]
Outcome = Literal["open", "acted", "dismissed"]


def in_utc(time: datetime) -> datetime:
    """Raises ValueError at the end of the calendar, where UTC has no such time."""
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("There is no such time in UTC") from error


class MessageReport(Struct, tag_field="kind", tag="message", forbid_unknown_fields=True, kw_only=True):
    conversation_id: RowId
    message_id: RowId
    reason: Reason
    comment: Comment = ""
    client_id: ReportName | None = None


class UserReport(Struct, tag_field="kind", tag="user", forbid_unknown_fields=True, kw_only=True):
    user_id: RowId
    reason: Reason
    comment: Comment = ""
    client_id: ReportName | None = None


class OwnReport(Struct, kw_only=True):
    """A report as its reporter sees it: whether something was done, but not what."""

    id: int
    kind: Kind
    user_id: int | None
    """Of a person. Who wrote a message is not told: a block may keep it from the reporter."""
    conversation_id: int | None
    message_id: int | None
    reason: Reason
    comment: str
    created_at: datetime
    outcome: Outcome


class Named(Struct):
    id: int
    username: str


class EvidentFile(Struct):
    id: UUID
    name: str
    media_type: str
    size: int
    """Bytes."""


class Evidence(Struct, kw_only=True, omit_defaults=True):
    """What was reported, as it was when the report came. The last five are a message's."""

    username: str
    first_name: str
    last_name: str
    content: str | None = None
    sent_at: datetime | None = None
    edited_at: datetime | None = None
    attachments: list[EvidentFile] = []
    """What they were. The files themselves are there for as long as the message is."""
    card: Card | None = None


class ResolutionView(Struct, kw_only=True):
    action: Action
    until: datetime | None
    note: str
    by: Named
    at: datetime


class ReportView(Struct, kw_only=True):
    id: int
    kind: Kind
    reported: Named
    reporter: Named
    conversation_id: int | None
    message_id: int | None
    reason: Reason
    comment: str
    created_at: datetime
    resolution: ResolutionView | None
    """None while it is open."""


class ReportDetails(Struct, kw_only=True):
    report: ReportView
    evidence: Evidence
    others: list[ReportView]
    """Of the same message or person, the newest first."""
    context: list[MessageOut]
    """The message and those around it as they are now, oldest first; empty for a person."""


class Decision(Struct, forbid_unknown_fields=True, kw_only=True):
    """`note` is what the person concerned is told; of a dismissal nobody is."""

    action: Action
    note: Note = ""
    until: Until | UnsetType | None = UNSET
    """When a suspension ends; null for never."""

    def __post_init__(self) -> None:
        if (self.action == Action.SUSPEND) != (self.until is not UNSET):
            raise ValueError("Give `until` with a suspension, null for one without end, and with nothing else")
        if self.action != Action.DISMISS and not self.note.strip():
            raise ValueError("Give a `note`: the person concerned has to be told why")
        if self.until:
            self.until = in_utc(self.until)

    @property
    def suspended_until(self) -> datetime | None:
        return None if self.until is UNSET else self.until


class SuspensionOrder(Struct, forbid_unknown_fields=True, kw_only=True):
    until: Until | None
    """null for ever."""
    reason: Why

    def __post_init__(self) -> None:
        if self.until:
            self.until = in_utc(self.until)


class Appointment(Struct, forbid_unknown_fields=True, kw_only=True):
    role: Literal["none", "moderator", "staff"]


class Suspension(Struct):
    until: datetime | None
    """None for ever."""
    reason: str


class Account(Struct, kw_only=True):
    """Somebody as moderators see them. Their email is not shown."""

    id: int
    username: str
    first_name: str
    last_name: str
    role: StaffRole
    created_at: datetime
    deactivated: bool
    suspension: Suspension | None
    open_reports: int


class AuditEntryView(Struct, kw_only=True):
    id: int
    at: datetime
    actor: Named | None
    """None for the operator, by a command."""
    address: str | None
    action: str
    subject: str
    """What it was about, as `user:5`."""
    details: dict[str, Any]


class AccountHistory(Struct, kw_only=True):
    account: Account
    reports: list[ReportView]
    """About them, the newest first."""
    acts: list[AuditEntryView]
    """On them, the newest first."""
