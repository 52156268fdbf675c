"""The log of acts of office."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from app.domain.accounts.guards import staff_only
from app.domain.audit.services import Audit, Subject
from app.domain.moderation.controllers.reports import Before
from app.domain.moderation.schemas import AuditEntryView
from app.domain.moderation.services.showing import show_entries
from app.pages import Limit
from app.resources import Sessions

ActorFilter = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1, description="Only what this user did.")]
SubjectFilter = Annotated[
    str | None,
    QueryParameter(
        max_length=38, pattern=r"^[a-z_]{1,20}:[1-9][0-9]{0,17}\Z", description="Only what it was done to, as `user:5`."
    ),
]


class AuditController(Controller):
    path = "/api/moderation/audit"
    tags = ("Moderation",)
    guards = (staff_only,)

    @get()
    async def list_audit_entries(
        self,
        sessions: NamedDependency[Sessions],
        actor: ActorFilter = None,
        subject: SubjectFilter = None,
        limit: Limit = 50,
        before: Before = None,
    ) -> list[AuditEntryView]:
        """Who did what to whom, the newest first. Nothing in it is ever changed or deleted."""
        async with sessions() as session:
            found = await Audit(session=session).entries(
                actor_id=actor, subject=Subject.parse(subject) if subject else None, before=before, limit=limit
            )
            return await show_entries(session, found)
