"""Presence over HTTP."""

from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.rules import NotAMember
from app.domain.chat.services.conversations import Conversations
from app.domain.presence.rules import ASKED, PEOPLE_SHOWN
from app.domain.presence.schemas import LARGEST_ID, ConversationPresence, Presence, RowId
from app.domain.presence.services.crowds import Crowds
from app.domain.presence.services.roll import Roll
from app.domain.presence.services.sight import seen_by
from app.problems import Malformed, refuses
from app.resources import Sessions

ConversationId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Users = Annotated[
    str,
    QueryParameter(
        pattern=rf"^\d{{1,19}}(,\d{{1,19}}){{0,{ASKED - 1}}}\Z",
        description=f"The ids of up to {ASKED} people, with commas between them.",
    ),
]


class PresenceController(Controller):
    path = "/api"
    tags = ("Presence",)

    @get("/presence")
    async def read_presence(
        self, users: Users, request: ActorRequest, sessions: NamedDependency[Sessions], roll: NamedDependency[Roll]
    ) -> list[Presence]:
        """Who of these people is online, away or offline, in the order in which you name them.

        Whom you may not see is offline, like somebody who was never here. To hear of changes, `watch` on `/ws`.
        """
        people = list(dict.fromkeys(read_ids(users)))
        async with sessions() as session:
            seen = await seen_by(session, request.user.id, people)
        present = await roll.look_up(seen)
        return [present.get(person) or Presence(person, "offline") for person in people]

    @get("/chat/conversations/{conversation_id:int}/presence", opt=refuses(NotAMember))
    async def read_conversation_presence(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        crowds: NamedDependency[Crowds],
    ) -> ConversationPresence:
        """How many members of a conversation of yours are online or away, and the first 100 of them.

        It may be a second old.
        """
        me = request.user.id
        async with sessions() as session:
            await Conversations(session=session).of_member(conversation_id, me)
        crowd = await crowds.of(conversation_id)
        async with sessions() as session:
            seen = await seen_by(session, me, [one.user_id for one in crowd], together=True)
        present = [one for one in crowd if one.user_id in seen]
        return ConversationPresence(conversation_id, len(present), present[:PEOPLE_SHOWN])


def read_ids(users: str) -> list[int]:
    try:
        return msgspec.convert(users.split(","), list[RowId], strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("`users` are ids of people, with commas between them.") from error
