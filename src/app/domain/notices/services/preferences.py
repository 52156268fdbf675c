"""What somebody wants to be told, when and how; and which conversations they have muted."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.notices.models import Mute, NotificationSettings, members
from app.domain.notices.rules.digests import Digest
from app.domain.notices.rules.disturbing import PushMessages
from app.domain.notices.schemas import ConversationMute, DoNotDisturb, NotificationSetting, NotificationSettingChange
from app.errors import NotFound
from app.zones import known_zone

CLOCK = "%H:%M"


class Preferences(SQLAlchemyAsyncRepositoryService[NotificationSettings]):
    class Repo(SQLAlchemyAsyncRepository[NotificationSettings]):
        model_type = NotificationSettings

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def of_user(self, user_id: int) -> NotificationSetting:
        chosen = await self.session.get(NotificationSettings, user_id)
        return _as_setting(chosen) if chosen else _DEFAULTS

    async def change(self, user_id: int, change: NotificationSettingChange) -> NotificationSetting:
        """What is left out stays. Digests that are switched on begin now. Raises UnknownZone."""
        await self.session.execute(insert(NotificationSettings).values(user_id=user_id).on_conflict_do_nothing())
        row = await self.session.get_one(NotificationSettings, user_id, with_for_update=True, populate_existing=True)
        if change.push is not UNSET:
            row.push = change.push
        if change.push_messages is not UNSET:
            row.push_messages = change.push_messages
        if change.do_not_disturb is not UNSET:
            hours = change.do_not_disturb
            row.dnd_from = time.fromisoformat(hours.begins) if hours else None
            row.dnd_to = time.fromisoformat(hours.ends) if hours else None
        if change.zone is not UNSET:
            row.zone = known_zone(change.zone).key
        if change.digest is not UNSET and change.digest != row.digest:
            row.digest, row.digested_at = change.digest, func.now()
        await self.session.flush()
        return _as_setting(row)

    async def end_digests(self, user_id: int) -> None:
        """For whoever followed the link in one."""
        row = await self.session.get(NotificationSettings, user_id, with_for_update=True)
        if row:
            row.digest = "off"

    async def mute(self, user_id: int, conversation_id: int, until: datetime | None) -> ConversationMute:
        """No pushes from a conversation until then, or for good. Raises NotFound for who is not in it."""
        if not await self._is_member(user_id, conversation_id):
            raise NotFound
        mute = insert(Mute).values(user_id=user_id, conversation_id=conversation_id, until=until)
        same = [Mute.user_id, Mute.conversation_id]
        await self.session.execute(mute.on_conflict_do_update(index_elements=same, set_={"until": until}))
        return ConversationMute(conversation_id=conversation_id, until=until)

    async def unmute(self, user_id: int, conversation_id: int) -> None:
        """Again changes nothing. Raises NotFound for who neither is in the conversation nor had muted it."""
        unmuted = await self.session.scalar(
            delete(Mute)
            .where(Mute.user_id == user_id, Mute.conversation_id == conversation_id)
            .returning(Mute.user_id)
            .execution_options(synchronize_session=False)
        )
        if unmuted is None and not await self._is_member(user_id, conversation_id):
            raise NotFound

    async def mutes_of(self, user_id: int, limit: int, offset: int) -> Sequence[ConversationMute]:
        """Those that have not run out, by conversation."""
        found = await self.session.scalars(
            select(Mute)
            .where(Mute.user_id == user_id, or_(Mute.until.is_(None), Mute.until > func.now()))
            .order_by(Mute.conversation_id)
            .limit(limit)
            .offset(offset)
        )
        return [ConversationMute(conversation_id=mute.conversation_id, until=mute.until) for mute in found]

    async def _is_member(self, user_id: int, conversation_id: int) -> bool:
        found = select(members.c.user_id).where(
            members.c.conversation_id == conversation_id, members.c.user_id == user_id, members.c.left_at.is_(None)
        )
        return await self.session.scalar(found) is not None


_DEFAULTS = NotificationSetting(push=True, push_messages="all", do_not_disturb=None, zone="UTC", digest="off")
"""As in the table."""


def _as_setting(row: NotificationSettings) -> NotificationSetting:
    hours = (
        row.dnd_from
        and row.dnd_to
        and DoNotDisturb(begins=row.dnd_from.strftime(CLOCK), ends=row.dnd_to.strftime(CLOCK))
    )
    return NotificationSetting(
        push=row.push,
        push_messages=cast("PushMessages", row.push_messages),
        do_not_disturb=hours or None,
        zone=row.zone,
        digest=cast("Digest", row.digest),
    )
