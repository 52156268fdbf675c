"""Conversations as one of their members sees them."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.chat.models import Conversation
from app.domain.chat.schemas.conversations import ConversationOut, Participant, SocketAddress
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.reading import unread_in
from app.domain.chat.services.veil import unseen_by, veiled_messages


def socket_address(conversation_id: int, public_url: str) -> SocketAddress:
    return SocketAddress(conversation_id, websocket_url(conversation_id, public_url))


def websocket_url(conversation_id: int, public_url: str) -> str:
    return f"ws{public_url.removeprefix('http').rstrip('/')}/ws/chat/{conversation_id}/"


async def show(
    session: AsyncSession, found: Sequence[Conversation], reader_id: int, public_url: str
) -> list[ConversationOut]:
    """Each with the first of its members, how many there are, and its newest message."""
    ids = [conversation.id for conversation in found]
    membership = await Conversations(session=session).membership(ids)
    people = await Accounts(session=session).people({user for one in membership.values() for user in one.first})
    newest = await Messages(session=session).newest(ids)
    own = await Conversations(session=session).standing(ids, reader_id)
    unread = await unread_in(session, reader_id, ids)
    unseen = await unseen_by(session, reader_id)
    groups = [newest[one.id] for one in found if one.kind == "group" and one.id in newest]
    shown = newest | {one.conversation_id: one for one in veiled_messages(groups, unseen)}
    return [
        ConversationOut(
            id=conversation.id,
            kind="direct" if conversation.kind == "direct" else "group",
            name=conversation.name,
            topic=conversation.topic,
            joinable=conversation.joinable,
            members_may_invite=conversation.members_may_invite,
            retention_days=conversation.retention_days,
            role=own[conversation.id].role,
            muted_until=own[conversation.id].muted_until,
            participants=[
                as_participant(people[user], reader_id, unseen) for user in membership[conversation.id].first
            ],
            member_count=membership[conversation.id].total,
            messages=[shown[conversation.id].as_answer()] if conversation.id in shown else [],
            created_at=conversation.created_at,
            last_message_id=conversation.last_seq,
            unread=unread[conversation.id],
            websocket_url=websocket_url(conversation.id, public_url),
            picture_id=conversation.picture_id,
        )
        for conversation in found
    ]


def as_participant(user: User, reader_id: int, unseen: Collection[int]) -> Participant:
    return Participant(
        id=user.id,
        username=user.username,
        email=user.email if user.id == reader_id else None,
        first_name=user.first_name,
        last_name=user.last_name,
        is_bot=user.bot_owner_id is not None,
        avatar_id=None if user.id in unseen else user.avatar_id,
    )
