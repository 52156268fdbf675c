"""The web application, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.metadata import version

from litestar import Litestar, get
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.types import ASGIApp
from msgspec import Struct
from taskiq import async_shared_broker

from app import logs
from app.aliases import Aliases
from app.apidocs.page import asset_routes, openapi_config
from app.bodies import StrictRequest, json_only
from app.domain.accounts.controllers.entry import Entry
from app.domain.accounts.controllers.mailed import Mailed
from app.domain.accounts.controllers.profile import OwnProfile, OwnSessions
from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.hashing import Passwords
from app.domain.chat.controllers.conversations import ConversationController
from app.domain.chat.controllers.groups import GroupController
from app.domain.chat.controllers.messages import MessageController
from app.domain.chat.controllers.reading import ReadingController
from app.domain.chat.listeners import conversation_socket
from app.domain.chat.services.journal import MessageJournal
from app.domain.game.controllers import GameController
from app.domain.game.listeners import game_socket
from app.domain.live.listeners import everything_socket
from app.domain.lottery.controllers import LotteryController
from app.domain.search.controllers import SearchController
from app.domain.social.controllers.blocks import BlockController
from app.domain.social.controllers.friends import FriendController
from app.domain.social.controllers.people import PeopleController
from app.domain.social.controllers.privacy import PrivacyController
from app.health import HealthController
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.problems import exception_handlers
from app.ratelimits import RateLimits
from app.resources import Resources, running
from app.settings import Settings
from app.shields import Shields
from app.workers.broker import open_broker
from app.workers.drains import bells

HTTP = [
    Entry,
    Mailed,
    OwnProfile,
    OwnSessions,
    GameController,
    ConversationController,
    MessageController,
    ReadingController,
    SearchController,
    GroupController,
    FriendController,
    BlockController,
    PeopleController,
    PrivacyController,
    LotteryController,
    HealthController,
]
CONNECT_SECONDS = 2.0
SOCKETS = [everything_socket, conversation_socket, game_socket]


class Welcome(Struct):
    name: str
    version: str
    docs: str
    health: str


@get("/", exclude_from_auth=True, include_in_schema=False)
async def welcome() -> Welcome:
    return Welcome("Parlour", version("parlour"), "/docs", "/health")


def create_app(settings: Settings) -> ASGIApp:
    logs.configure(settings)
    resources = Resources.of(settings)
    broker = open_broker(settings.redis_url)
    ended = EndedSessions(resources.sessions, settings.access_token_seconds)
    doorkeeper = Doorkeeper(settings, resources.redis, ended)
    limits = RateLimits(settings, resources.redis)
    inbox = Inbox(resources.redis, bells(broker), backlog=settings.inbox_backlog, patience=settings.reply_seconds)
    hub = Hub(resources.redis, MessageJournal(resources.sessions))
    hub.listen(inbox.channel, inbox.deliver)
    async_shared_broker.default_broker(broker)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(resources.aclose)
            stack.push_async_callback(broker.shutdown)
            await stack.enter_async_context(running(hub.run(), ended.run()))
            with suppress(TimeoutError):  # Without Redis it starts all the same, and its readiness says so.
                await asyncio.wait_for(hub.connected(), CONNECT_SECONDS)
            yield

    litestar = Litestar(
        route_handlers=[welcome, *HTTP, *SOCKETS, *asset_routes()],
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
            "inbox": constant(inbox),
            "hub": constant(hub),
        },
        exception_handlers=exception_handlers,
        request_class=StrictRequest,
        cors_config=CORSConfig(allow_origins=settings.allowed_origins, allow_credentials=True),
        openapi_config=openapi_config(version("parlour")),
        request_max_body_size=settings.body_limit_bytes,
        logging_config=None,
    )
    return Aliases(Shields(litestar, https=settings.secure_cookies))


def constant(value: object) -> Provide:
    """The same object for every request."""

    def give() -> object:
        return value

    return Provide(give, sync_to_thread=False)
