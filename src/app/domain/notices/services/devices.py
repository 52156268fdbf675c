"""Devices that take pushes: subscribed by a login, and gone with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import ColumnElement, ScalarResult, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.domain.notices.models import Push, PushSubscription, login_sessions, users
from app.domain.notices.rules.push import DEVICES, SubscriptionRefused, TooManyDevices
from app.domain.notices.schemas import NewPushDevice
from app.domain.notices.vapid import CURVE, padded
from app.errors import NotLoggedIn
from app.outbound.addresses import why_refused

AUTH_BYTES = 16
"""RFC 8291, 3.2."""


class Devices(SQLAlchemyAsyncRepositoryService[PushSubscription]):
    class Repo(SQLAlchemyAsyncRepository[PushSubscription]):
        model_type = PushSubscription

    repository_type = Repo

    async def subscribe(
        self, user_id: int, session_id: UUID, device: NewPushDevice, *, inside: bool
    ) -> PushSubscription:
        """Have pushes sent to a device, for as long as this login lasts. Again with the same endpoint: the same device.

        One that was somebody else's changes hands, and nothing that waits for them goes to it. Raises
        SubscriptionRefused, TooManyDevices, and NotLoggedIn when the account is gone.
        """
        if refusal := why_refused(device.endpoint, inside=inside):
            raise SubscriptionRefused(refusal)
        p256dh, auth = check_keys(device.keys.p256dh, device.keys.auth)
        session = self.repository.session
        # Two devices of one user take turns, so that neither slips in beside the other over the limit.
        mine = select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
        if await session.scalar(mine) is None:
            raise NotLoggedIn
        await self._remove(PushSubscription.endpoint == device.endpoint, PushSubscription.user_id != user_id)
        others = select(func.count()).where(
            PushSubscription.user_id == user_id, PushSubscription.endpoint != device.endpoint, _lasts()
        )
        if (await session.scalar(others) or 0) >= DEVICES:
            raise TooManyDevices
        given = {"user_id": user_id, "session_id": session_id, "p256dh": p256dh, "auth": auth}
        subscribed: ScalarResult[PushSubscription] = await session.scalars(
            insert(PushSubscription)
            .values(endpoint=device.endpoint, **given)
            .on_conflict_do_update(index_elements=[PushSubscription.endpoint], set_=given)
            .returning(PushSubscription)
            .execution_options(populate_existing=True)
        )
        return subscribed.one()

    async def of_user(self, user_id: int) -> Sequence[PushSubscription]:
        """The newest first."""
        found: ScalarResult[PushSubscription] = await self.repository.session.scalars(
            select(PushSubscription)
            .where(PushSubscription.user_id == user_id, _lasts())
            .order_by(PushSubscription.id.desc())
        )
        return found.all()

    async def unsubscribe(self, user_id: int, device_id: int) -> bool:
        """False when it is none of theirs."""
        return await self._remove(PushSubscription.id == device_id, PushSubscription.user_id == user_id) > 0

    async def forget(self, device_id: int) -> None:
        """Its push service says that it is gone."""
        await self._remove(PushSubscription.id == device_id)

    async def remove_ended(self) -> int:
        """Those whose login has ended. They were sent nothing since; this takes the rows away."""
        return await self._remove(~_lasts())

    async def _remove(self, *which: ColumnElement[bool]) -> int:
        session = self.repository.session
        gone = await session.scalars(
            delete(PushSubscription)
            .where(*which)
            .returning(PushSubscription.id)
            .execution_options(synchronize_session=False)
        )
        ids = gone.all()
        if ids:
            of_them = delete(Push).where(Push.subscription_id.in_(ids))
            await session.execute(of_them.execution_options(synchronize_session=False))
        return len(ids)


def _lasts() -> ColumnElement[bool]:
    """Is the login that subscribed this device still open?"""
    open_login: Any = select(login_sessions.c.id).where(
        login_sessions.c.id == PushSubscription.session_id,
        login_sessions.c.ended_at.is_(None),
        login_sessions.c.expires_at > func.now(),
    )
    lasts: ColumnElement[bool] = open_login.exists()
    return lasts


def check_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """The device's public key and its secret. Raises SubscriptionRefused unless a push can be encrypted with them."""
    try:
        point, secret = padded(p256dh), padded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError as error:
        raise SubscriptionRefused("p256dh is not a public key on the curve P-256.") from error
    if len(secret) != AUTH_BYTES:
        raise SubscriptionRefused(f"auth must have {AUTH_BYTES} bytes.")
    return point, secret
