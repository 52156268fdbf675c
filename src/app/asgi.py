"""The web application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.metadata import version

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.types import ASGIApp
from taskiq import async_shared_broker

from app import crashes, logs, tracing
from app.admin.backstage import Backstage
from app.admin.mount import admin_mount
from app.aliases import Aliases
from app.apidocs.page import openapi_config
from app.arrivals import Arrivals
from app.bodies import StrictRequest, json_only
from app.browser import POLICY, BrowserClient
from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.hashing import Passwords
from app.domain.accounts.known_keys import KnownKeys
from app.domain.chat.services.journal import MessageJournal
from app.domain.files.services.intake import Intake
from app.domain.files.services.store import FileStore
from app.domain.game.services.board_watches import BoardWatches
from app.domain.game.services.ladder import Ladder
from app.domain.lottery.services.beacons import BeaconCheck
from app.domain.presence.rules import BEATS_PER_LEASE
from app.domain.presence.services.crowds import Crowds
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import CHANNEL, Roll
from app.domain.presence.services.watching import Watches
from app.heads import Heads
from app.hub.events import BOARDS
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.operation.exposition import Exposition
from app.problems import exception_handlers
from app.ratelimits import RateLimits
from app.resources import Resources, measured, running
from app.routes import routes
from app.settings import Settings
from app.shields import Shields, security_headers
from app.workers.broker import open_broker
from app.workers.drains import bells

CONNECT_SECONDS = 2.0


def create_app(settings: Settings) -> ASGIApp:
    for observed in (logs, tracing, crashes):
        observed.configure(settings, "web")
    resources = Resources.of(settings)
    broker = open_broker(settings.redis_url)
    ended = EndedSessions(resources.sessions, settings.access_token_seconds)
    roll = Roll(resources.redis)
    lease = settings.presence_lease_seconds
    devices = Devices(roll, lease=lease, grace=lease / BEATS_PER_LEASE)
    watches = Watches(roll, resources.sessions)
    ladder = Ladder(resources.redis)
    board_watches = BoardWatches(ladder, resources.sessions, settings.zone_of_days)
    doorkeeper = Doorkeeper(settings, resources.redis, ended, devices, KnownKeys(resources.sessions))
    limits = RateLimits(settings, resources.redis)
    store = FileStore.of(settings)
    inbox = Inbox(resources.redis, bells(broker), backlog=settings.inbox_backlog, patience=settings.reply_seconds)
    hub = Hub(resources.redis, MessageJournal(resources.sessions))
    hub.listen(inbox.channel, inbox.deliver)
    hub.listen(CHANNEL, watches.hear)
    hub.listen(BOARDS, board_watches.hear)
    admin = admin_mount(Backstage(resources, doorkeeper, roll))

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(resources.aclose)
            stack.push_async_callback(broker.shutdown)
            async_shared_broker.default_broker(broker)
            stack.callback(async_shared_broker.default_broker, None)  # type: ignore[arg-type]  # as it was before
            stack.push_async_callback(devices.depart)
            await stack.enter_async_context(
                running(hub.run(), ended.run(), devices.run(), watches.run(), board_watches.run(), measured(resources))
            )
            with suppress(TimeoutError):  # Without Redis it starts all the same, and its readiness says so.
                await asyncio.wait_for(hub.connected(), CONNECT_SECONDS)
            yield

    litestar = Litestar(
        route_handlers=[*routes(settings.public_url), admin],
        lifespan=[lifespan],
        on_app_init=[doorkeeper.http_auth().on_app_init],
        guards=[limits.guard, json_only],
        dependencies={
            "settings": constant(settings),
            "resources": constant(resources),
            "sessions": constant(resources.sessions),
            "redis": constant(resources.redis),
            "passwords": constant(Passwords(settings)),
            "doorkeeper": constant(doorkeeper),
            "limits": constant(limits),
            "store": constant(store),
            "intake": constant(Intake(store, limit=settings.file_limit_bytes)),
            "beacon_check": constant(BeaconCheck()),
            "inbox": constant(inbox),
            "hub": constant(hub),
            "roll": constant(roll),
            "devices": constant(devices),
            "watches": constant(watches),
            "ladder": constant(ladder),
            "board_watches": constant(board_watches),
            "exposition": constant(Exposition(resources)),
            "crowds": constant(Crowds(roll, resources.sessions)),
        },
        exception_handlers=exception_handlers,
        request_class=StrictRequest,
        cors_config=CORSConfig(allow_origins=settings.allowed_origins, allow_credentials=True),
        openapi_config=openapi_config(version("parlour")),
        request_max_body_size=settings.body_limit_bytes,
        logging_config=None,
    )
    https = settings.secure_cookies
    shielded = Shields(litestar, https=https)
    return Heads(Arrivals(Aliases(BrowserClient(shielded, security_headers(POLICY, https=https)))))


def constant(value: object) -> Provide:
    """The same object for every request."""

    def give() -> object:
        return value

    return Provide(give, sync_to_thread=False)
