"""Who may not come into a group."""

from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.models import Ban, Member
from app.domain.chat.roles import Act
from app.domain.chat.schemas.groups import BanOut
from app.domain.chat.services.acts import Acting, Happening, permit
from app.domain.chat.services.members import Members
from app.errors import NoSuchUser

page_of_bans = text("""
    SELECT u.id, u.username, b.banned_by, b.banned_at FROM bans b JOIN users u ON u.id = b.user_id
    WHERE b.conversation_id = :group_id ORDER BY b.banned_at DESC, b.user_id LIMIT :limit OFFSET :offset
""")


class Bans(SQLAlchemyAsyncRepositoryService[Ban]):
    class Repo(SQLAlchemyAsyncRepository[Ban]):
        model_type = Ban

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def ban(self, group_id: int, actor_id: int, user_id: int) -> Happening:
        """Put somebody out for good, or keep them out who have never been in. Raises NotAllowedHere, NoSuchUser."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        member = await self.session.get(Member, (group_id, user_id), populate_existing=True)
        inside = member if member and not member.left_at else None
        acting.require(Act.BAN, inside.role if inside else None)
        if not await Accounts(session=self.session).people([user_id]):
            raise NoSuchUser
        ban = insert(Ban).values(conversation_id=group_id, user_id=user_id, banned_by=actor_id)
        await self.session.execute(ban.on_conflict_do_nothing())
        if inside:
            await Members(session=self.session).let_go(acting, inside, "banned")
        return await acting.finish()

    async def lift(self, group_id: int, actor_id: int, user_id: int) -> None:
        """Where there is no ban, nothing changes. Raises NotAllowedHere."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        acting.require(Act.BAN)
        await self.session.execute(delete(Ban).where(Ban.conversation_id == group_id, Ban.user_id == user_id))

    async def page(self, group_id: int, actor_id: int, limit: int, offset: int) -> list[BanOut]:
        """The latest first. Raises NotAllowedHere."""
        await permit(self.session, group_id, actor_id, Act.BAN)
        rows = await self.session.execute(page_of_bans, {"group_id": group_id, "limit": limit, "offset": offset})
        return [BanOut(*row) for row in rows]
