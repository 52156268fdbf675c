"""The list of one's notifications."""

from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis

from app.domain.notices.controllers.reader import ReaderRequest
from app.domain.notices.schemas import NotificationPage, NotificationsRead, NotificationsToMark, UnreadCount
from app.domain.notices.services.notifications import Notifications
from app.domain.notices.tasks.telling import tell_read
from app.errors import NotFound
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions

NotificationId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Before = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1, description="Only those with a smaller id.")]
Unread = Annotated[bool, QueryParameter(description="Only those that were not read.")]


class NotificationController(Controller):
    path = "/api/notifications"
    tags = ("Notifications",)

    @get()
    async def list_notifications(
        self,
        request: ReaderRequest,
        sessions: NamedDependency[Sessions],
        before: Before = None,
        limit: Limit = 50,
        unread: Unread = False,
    ) -> NotificationPage:
        """Your notifications, newest first, and how many are unread in all."""
        async with sessions() as session:
            return await Notifications(session=session).page(request.user.id, before=before, limit=limit, unread=unread)

    @get("/unread-count")
    async def count_unread_notifications(
        self, request: ReaderRequest, sessions: NamedDependency[Sessions]
    ) -> UnreadCount:
        """How many of your notifications are unread."""
        async with sessions() as session:
            return UnreadCount(unread=await Notifications(session=session).unread_count(request.user.id))

    @post("/read", status_code=HTTP_200_OK)
    async def mark_notifications_read(
        self,
        data: JSONBody[NotificationsToMark],
        request: ReaderRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> UnreadCount:
        """Mark as read either everything up to and with one notification, or those that you name.

        Ids that are not yours are passed over. Your other devices hear of it, and what was not pushed yet stays
        unsent.
        """
        reader = request.user.id
        async with sessions.begin() as session:
            notifications = Notifications(session=session)
            changed = await notifications.mark_read(reader, up_to_id=data.up_to_id, ids=data.ids or ())
            unread = await notifications.unread_count(reader)
        if changed:
            await tell_read(redis, reader, NotificationsRead(up_to_id=data.up_to_id, ids=data.ids or [], unread=unread))
        return UnreadCount(unread=unread)

    @delete()
    async def delete_all_notifications(
        self, request: ReaderRequest, sessions: NamedDependency[Sessions], redis: NamedDependency[Redis]
    ) -> None:
        """Empty your list."""
        reader = request.user.id
        async with sessions.begin() as session:
            notifications = Notifications(session=session)
            newest = await notifications.discard_all(reader)
            unread = await notifications.unread_count(reader)
        if newest:
            await tell_read(redis, reader, NotificationsRead(up_to_id=newest, ids=[], unread=unread))

    @delete("/{notification_id:int}", opt=refuses(NotFound))
    async def delete_notification(
        self,
        notification_id: NotificationId,
        request: ReaderRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Take one out of your list."""
        reader = request.user.id
        async with sessions.begin() as session:
            notifications = Notifications(session=session)
            if not await notifications.discard(reader, notification_id):
                raise NotFound
            unread = await notifications.unread_count(reader)
        await tell_read(redis, reader, NotificationsRead(up_to_id=None, ids=[notification_id], unread=unread))
