"""What to be told, when and how; muted conversations; the end of digests."""

from typing import Annotated

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from app.domain.notices.controllers.reader import ReaderRequest
from app.domain.notices.rules.digests import UnsubscribeRefused
from app.domain.notices.schemas import (
    ConversationMute,
    ConversationMutes,
    DigestOff,
    NewConversationMute,
    NotificationSetting,
    NotificationSettingChange,
)
from app.domain.notices.services.preferences import Preferences
from app.domain.notices.unsubscribing import UnsubscribeTokens
from app.errors import NotFound
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings
from app.zones import UnknownZone

TOKEN_CHARACTERS = 500
ConversationId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Token = Annotated[str, QueryParameter(max_length=TOKEN_CHARACTERS, description="From the link in a digest.")]


class PreferenceController(Controller):
    path = "/api/notifications"
    tags = ("Notifications",)

    @get("/settings")
    async def read_notification_settings(
        self, request: ReaderRequest, sessions: NamedDependency[Sessions]
    ) -> NotificationSetting:
        """What you have chosen; the defaults if nothing."""
        async with sessions() as session:
            return await Preferences(session=session).of_user(request.user.id)

    @patch("/settings", opt=refuses(UnknownZone))
    async def change_notification_settings(
        self, data: JSONBody[NotificationSettingChange], request: ReaderRequest, sessions: NamedDependency[Sessions]
    ) -> NotificationSetting:
        """Choose what is pushed and when, and whether unread notifications are mailed. What is left out stays.

        `do_not_disturb` of null ends the hours without pushes. In those hours nothing is pushed, nor made up for
        later; the list has it.
        """
        async with sessions.begin() as session:
            return await Preferences(session=session).change(request.user.id, data)

    @get("/mutes")
    async def list_mutes(
        self, request: ReaderRequest, sessions: NamedDependency[Sessions], limit: Limit = PAGE, offset: Offset = 0
    ) -> ConversationMutes:
        """The conversations that you have muted."""
        async with sessions() as session:
            found = await Preferences(session=session).mutes_of(request.user.id, limit, offset)
        return ConversationMutes(mutes=list(found))

    @put("/mutes/{conversation_id:int}", opt=refuses(NotFound))
    async def mute_conversation(
        self,
        conversation_id: ConversationId,
        request: ReaderRequest,
        sessions: NamedDependency[Sessions],
        data: JSONBody[NewConversationMute | None] = None,
    ) -> ConversationMute:
        """Have nothing pushed from a conversation, mentions of you neither, until a time or for good.

        Mentions are still listed.
        """
        until = data.until if data else None
        async with sessions.begin() as session:
            return await Preferences(session=session).mute(request.user.id, conversation_id, until)

    @delete("/mutes/{conversation_id:int}", opt=refuses(NotFound))
    async def unmute_conversation(
        self, conversation_id: ConversationId, request: ReaderRequest, sessions: NamedDependency[Sessions]
    ) -> None:
        """Have it pushed again."""
        async with sessions.begin() as session:
            await Preferences(session=session).unmute(request.user.id, conversation_id)

    @post(
        "/unsubscribe",
        status_code=HTTP_200_OK,
        opt={"exclude_from_auth": True, **refuses(UnsubscribeRefused)},
    )
    async def unsubscribe_from_digests(
        self, token: Token, sessions: NamedDependency[Sessions], settings: NamedDependency[Settings]
    ) -> DigestOff:
        """End the digests by the link in one of them (RFC 8058). Needs no login; a body is not looked at."""
        user_id = UnsubscribeTokens(settings).read(token)
        async with sessions.begin() as session:
            await Preferences(session=session).end_digests(user_id)
        return DigestOff(digest="off")
