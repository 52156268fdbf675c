"""An act in a group: alone with it, and told to everybody in the group's own sequence.

What people write goes through the inbox. An act is rare, has to be answered at once with what it came to, and changes
who may write; so it is stored where it is asked for, under the same lock on the same row that numbers come from.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Self

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.chat.roles import Act, Role, check
from app.domain.chat.rules import NotAGroup, NotAMember
from app.domain.chat.schemas.cards import Card
from app.domain.chat.schemas.events import Departure, GroupEvent, MessageFrame
from app.domain.chat.services.ledger import FINGERPRINT_BYTES, Ledger
from app.domain.chat.services.messages import Messages

who_acts = text("""
    SELECT u.username, m.role FROM users u
    LEFT JOIN members m ON m.user_id = u.id AND m.conversation_id = :group_id AND m.left_at IS NULL
    WHERE u.id = :user_id
""")


who_asks = text("""
    SELECT m.role, c.kind FROM members m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.conversation_id = :group_id AND m.user_id = :user_id AND m.left_at IS NULL
""")


async def role_in(session: AsyncSession, group_id: int, user_id: int) -> Role:
    """What somebody is in a group, for what changes nothing in it: without a lock. Raises NotAMember, NotAGroup."""
    who = (await session.execute(who_asks, {"group_id": group_id, "user_id": user_id})).one_or_none()
    if who is None:
        raise NotAMember
    if who.kind != "group":
        raise NotAGroup
    return Role(who.role)


async def permit(session: AsyncSession, group_id: int, user_id: int, act: Act) -> None:
    """As `Acting.require`, without the lock. Raises NotAMember, NotAGroup, NotAllowedHere."""
    check(await role_in(session, group_id, user_id), act)


@dataclass
class Happening:
    """What an act came to, for the edge to announce after the commit. Of what changed nothing, nothing."""

    conversation_id: int
    messages: list[MessageFrame] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    departure: Departure = "left"
    """How those who are `removed` came to be so."""

    @property
    def seq(self) -> int:
        return self.messages[-1].message_id if self.messages else 0


class Acting:
    """Somebody who acts in a group, from the lock to the messages."""

    def __init__(
        self, session: AsyncSession, group: Conversation, actor_id: int, username: str, role: Role | None
    ) -> None:
        self.session = session
        self.group = group
        self.actor_id = actor_id
        self.now = datetime.now(UTC)
        self.happening = Happening(group.id)
        self._username = username
        self._role = role

    @classmethod
    async def begin(cls, session: AsyncSession, group_id: int, actor_id: int) -> Self:
        """Wait for whoever acts or writes in the group. What is read from now on is what they committed.

        Raises NotAMember when there is no such group; NotAGroup to somebody in a one-to-one chat.
        """
        found = select(Conversation).where(Conversation.id == group_id, Conversation.ended_at.is_(None))
        group = await session.scalar(found.with_for_update(), execution_options={"populate_existing": True})
        if group is None:
            raise NotAMember
        who = (await session.execute(who_acts, {"group_id": group_id, "user_id": actor_id})).one()
        if group.kind != "group":
            raise NotAGroup if who.role else NotAMember
        return cls(session, group, actor_id, who.username, Role(who.role) if who.role else None)

    @classmethod
    async def of_member(cls, session: AsyncSession, group_id: int, actor_id: int) -> Self:
        """As `begin`. Raises NotAMember to outsiders as well."""
        acting = await cls.begin(session, group_id, actor_id)
        if not acting.is_member:
            raise NotAMember
        return acting

    @property
    def is_member(self) -> bool:
        return self._role is not None

    @property
    def role(self) -> Role:
        """As it was when the act began. Raises NotAMember for who is not, or not yet, in the group."""
        if self._role is None:
            raise NotAMember
        return self._role

    def require(self, act: Act, target: str | None = None) -> None:
        """`target` is the role of whom the act is done to. Raises NotAllowedHere."""
        over = None if target is None else Role(target)
        check(self.role, act, over, members_may_invite=self.group.members_may_invite)

    def tell(
        self, kind: GroupEvent, *, subject_id: int | None = None, content: str = "", card: Card | None = None
    ) -> None:
        number = self.group.last_seq + len(self.happening.messages) + 1
        message = MessageFrame(
            message_id=number,
            message=content,
            sender_id=self.actor_id,
            sender=self._username,
            timestamp=self.now,
            conversation_id=self.group.id,
            client_id=f"group {number}",  # With a space, which no client's own name for a message may have.
            kind=kind,
            subject_id=subject_id,
            card=card,
        )
        self.happening.messages.append(message)

    def end(self) -> None:
        """Nobody is in the group any more; its row stays, so that its number means nothing else, ever."""
        self.tell("ended")
        self.group.ended_at, self.group.joinable = self.now, False

    async def finish(self) -> Happening:
        """Write the messages; they are to be announced after the commit, and not if there is none."""
        if self.happening.messages:
            ledger = Ledger(self.now)
            ledger.messages = [(message, mark(message)) for message in self.happening.messages]
            ledger.last = {self.group.id: self.happening.seq}
            await Messages(session=self.session).write(ledger)
            await self.session.refresh(self.group)
        return self.happening


def mark(message: MessageFrame) -> bytes:
    return blake2b(message.client_id.encode(), digest_size=FINGERPRINT_BYTES).digest()
