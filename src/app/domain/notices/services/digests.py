"""Digests by mail: what is unread since the last one, once in each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import func, select

from app.domain.notices.models import Notification, NotificationSettings, users
from app.domain.notices.rules.digests import LISTED, SETTLING, Digest, latest_digest_time
from app.domain.notices.rules.disturbing import zone_named
from app.domain.notices.schemas import NoticeBody
from app.domain.notices.services.mail import OutgoingMails
from app.domain.notices.words import digest_of, words_for

CANDIDATES = 1000
"""Subscribers that are looked at together."""


@dataclass(frozen=True, slots=True)
class Links:
    """What a digest leads to."""

    app: str
    unsubscribe_page: str
    """For a person to open."""
    unsubscribe_url: str
    """For a mail program to POST to."""


class Digests(SQLAlchemyAsyncRepositoryService[NotificationSettings]):
    class Repo(SQLAlchemyAsyncRepository[NotificationSettings]):
        model_type = NotificationSettings

    repository_type = Repo

    async def due(self, now: datetime, after: int) -> tuple[Sequence[int], int | None]:
        """Whose digest is due, among the next subscribers after a user id; and the id to go on after, if any."""
        found = await self.repository.session.scalars(
            select(NotificationSettings)
            .where(NotificationSettings.digest != "off", NotificationSettings.user_id > after)
            .order_by(NotificationSettings.user_id)
            .limit(CANDIDATES)
        )
        rows = found.all()
        more = rows[-1].user_id if len(rows) == CANDIDATES else None
        return [row.user_id for row in rows if _is_due(row, now)], more

    async def write(self, user_id: int, now: datetime, links: Links) -> bool:
        """Write somebody's digest into the outbox of mails, if it is still due and there is something to tell.

        The row is locked: of two workers one writes it, and the other finds it written. Ring the postman after.
        """
        session = self.repository.session
        row = await session.get(
            NotificationSettings, user_id, with_for_update={"skip_locked": True}, populate_existing=True
        )
        if row is None or not _is_due(row, now):
            return False
        since, row.digested_at = row.digested_at, now
        reader = (
            await session.execute(
                select(users.c.username, users.c.email).where(
                    users.c.id == user_id,
                    users.c.email_verified_at.is_not(None),
                    users.c.email.is_not(None),
                    users.c.deactivated_at.is_(None),
                )
            )
        ).one_or_none()
        lines, unread = await self._unread(user_id, since, now) if reader else ([], 0)
        if reader and unread:
            mail = digest_of(reader.username, lines, unread, app=links.app, unsubscribe=links.unsubscribe_page)
            await OutgoingMails(session=session).write(
                recipient=reader.email, subject=mail.title, body=mail.text, unsubscribe_url=links.unsubscribe_url
            )
        return bool(unread)

    async def _unread(self, user_id: int, since: datetime, now: datetime) -> tuple[list[str], int]:
        """The newest as lines, and how many there are in all."""
        which = (
            Notification.user_id == user_id,
            Notification.listed,
            Notification.read_at.is_(None),
            Notification.created_at > since - SETTLING,
            Notification.created_at <= now - SETTLING,
        )
        session = self.repository.session
        found = await session.scalars(select(Notification).where(*which).order_by(Notification.id.desc()).limit(LISTED))
        lines = [words_for(one.kind, msgspec.convert(one.body, NoticeBody)).line for one in found]
        total = select(func.count()).select_from(Notification).where(*which)
        return lines, int(await session.scalar(total) or 0) if lines else 0


def _is_due(row: NotificationSettings, now: datetime) -> bool:
    return row.digest != "off" and row.digested_at < latest_digest_time(
        now, zone_named(row.zone), cast("Digest", row.digest)
    )
