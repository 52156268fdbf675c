"""The log of acts of office."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, select
from starlette.requests import Request
from starlette_admin import IntegerField, StringField

from app.admin.fields import Moment, Person
from app.admin.listing import Listing, is_id
from app.domain.accounts.models import User
from app.domain.audit.models import AuditEntry
from app.domain.moderation.schemas import AuditEntryView
from app.domain.moderation.services.showing import show_entries


def details_in_words(_: Request, entry: AuditEntryView) -> str | None:
    return ", ".join(f"{name} {value}" for name, value in entry.details.items()) or None


class AuditLog(Listing):
    model = AuditEntry
    key = "audit"
    menu_label = "Audit log"
    icon = "fa-solid fa-book"
    search_hint = "Who did it, or to what: user:5"
    columns = (
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor_id,
        AuditEntry.address,
        AuditEntry.action,
        AuditEntry.subject_kind,
        AuditEntry.subject_id,
        AuditEntry.details,
    )
    fields = (
        IntegerField("id"),
        Moment("at"),
        Person("actor", label="Who"),
        StringField("address", label="From"),
        StringField("action", label="What"),
        StringField("subject", label="To what"),
        StringField("details", getter=details_in_words),
    )

    def search(self, term: str) -> ColumnElement[bool]:
        kind, _, number = term.partition(":")
        if is_id(number):
            return and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id == int(number))
        actor = select(User.id).where(func.lower(User.username) == term.lower())
        return AuditEntry.actor_id == actor.scalar_subquery()

    async def prepare(self, request: Request, rows: Sequence[Any]) -> Sequence[AuditEntryView]:
        return await show_entries(request.state.session, cast("Sequence[AuditEntry]", rows))
