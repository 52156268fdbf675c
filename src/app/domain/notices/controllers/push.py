"""Web Push: the server's key, and the devices that take pushes."""

from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from app.domain.notices.controllers.reader import ReaderRequest
from app.domain.notices.models import PushSubscription
from app.domain.notices.rules.push import PushOff, SubscriptionRefused, TooManyDevices
from app.domain.notices.schemas import NewPushDevice, PushDevice, PushDevices, PushKey
from app.domain.notices.services.devices import Devices
from app.domain.notices.vapid import Vapid
from app.errors import NotFound
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

DeviceId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class PushController(Controller):
    path = "/api/notifications/push"
    tags = ("Notifications",)

    @get("/key", opt=refuses(PushOff))
    async def read_push_key(self, settings: NamedDependency[Settings]) -> PushKey:
        """The server's public key (RFC 8292), which a browser wants for subscribing.

        A subscription is bound to it: subscribe again when the key is another than last time.
        """
        vapid = Vapid.of(settings)
        if vapid is None:
            raise PushOff
        return PushKey(public_key=vapid.public_key)

    @put("/subscriptions", opt=refuses(PushOff, SubscriptionRefused, TooManyDevices))
    async def subscribe_device(
        self,
        data: JSONBody[NewPushDevice],
        request: ReaderRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> PushDevice:
        """Have your notifications pushed to this device, for as long as this login lasts.

        The body is what `subscription.toJSON()` gives in a browser. Doing it again changes nothing: do it at every
        start of the client. A device that was somebody else's is yours from then on.
        """
        if settings.vapid_private_key is None:
            raise PushOff
        async with sessions.begin() as session:
            device = await Devices(session=session).subscribe(
                request.user.id, request.user.session_id, data, inside=settings.push_private_hosts
            )
        return show(device, request.user.session_id)

    @get("/subscriptions")
    async def list_devices(self, request: ReaderRequest, sessions: NamedDependency[Sessions]) -> PushDevices:
        """The devices that your notifications are pushed to, the newest first."""
        async with sessions() as session:
            found = await Devices(session=session).of_user(request.user.id)
        return PushDevices(devices=[show(device, request.user.session_id) for device in found])

    @delete("/subscriptions/{device_id:int}", opt=refuses(NotFound))
    async def unsubscribe_device(
        self, device_id: DeviceId, request: ReaderRequest, sessions: NamedDependency[Sessions]
    ) -> None:
        """Push no more to one of your devices."""
        async with sessions.begin() as session:
            if not await Devices(session=session).unsubscribe(request.user.id, device_id):
                raise NotFound


def show(device: PushSubscription, session_id: UUID) -> PushDevice:
    return PushDevice(
        id=device.id,
        service=urlsplit(device.endpoint).hostname or "",
        created_at=device.created_at,
        current=device.session_id == session_id,
    )
