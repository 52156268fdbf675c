"""What goes over the wire about one's own data, and the rows of the archive that no other slice has a shape for."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

State = Literal["waiting", "running", "ready", "failed"]
Fate = Literal["keep_as_deleted_account", "delete"]


class ExportView(Struct, kw_only=True):
    state: State
    progress: Annotated[int, Meta(ge=0, le=100, description="Percent of the archive's parts.")]
    requested_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    """When it is deleted."""
    size: int | None
    """Bytes."""
    download: str | None
    """Where the archive is, once it is ready. Only for yourself."""


class ExportFrame(ExportView, tag="export", kw_only=True):
    """How far your export is, on all your sockets."""


class AccountErasure(Struct, kw_only=True, forbid_unknown_fields=True):
    password: Annotated[str, Meta(min_length=1, max_length=1024, examples=["trombone-otter-41"])]
    """Yours, once more."""
    messages: Annotated[
        Fate,
        Meta(
            description=(
                "`keep_as_deleted_account`: what you wrote stays where it is, under the name of a deleted account. "
                "`delete`: it is deleted for everyone, and your reactions are taken off."
            )
        ),
    ]


class OwnAccount(Struct, kw_only=True):
    """`account.json`"""

    id: int
    username: str
    email: str | None
    email_verified_at: datetime | None
    first_name: str
    last_name: str
    created_at: datetime


class OwnLogin(Struct, kw_only=True):
    """A line of `sessions.jsonl`"""

    created_at: datetime
    last_used_at: datetime
    ended_at: datetime | None
    user_agent: str
    address: str


class OwnFriend(Struct, kw_only=True):
    """A line of `friends.jsonl`"""

    relation: Literal["friend", "requested_by_me", "requested_by_them"]
    id: int
    username: str
    since: datetime
