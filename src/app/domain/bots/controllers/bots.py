"""One's bots, their API keys, and the groups they are in."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter
from litestar.status_codes import HTTP_204_NO_CONTENT
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest, Doorkeeper
from app.domain.accounts.models import ApiKey, User
from app.domain.accounts.rules import UsernameRefused, UsernameTaken
from app.domain.accounts.scopes import Scope
from app.domain.bots import schemas
from app.domain.bots.rules import AlreadyExpired, NameInUse, NoSuchBot, NoSuchKey, TooManyBots, TooManyKeys
from app.domain.bots.services.bots import Bots
from app.domain.chat.roles import BannedHere, NotAllowedHere
from app.domain.chat.rules import GroupFull, NotAGroup, NotAMember
from app.domain.chat.services.announcing import announce_act
from app.problems import refuses
from app.resources import Sessions

Id = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class BotController(Controller):
    path = "/api/bots"
    tags = ("Bots",)

    @post(opt=refuses(UsernameRefused, UsernameTaken, TooManyBots))
    async def create_bot(
        self, data: JSONBody[schemas.NewBot], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.BotOut:
        """Make an account for a program. It has no password: give it an API key."""
        async with sessions.begin() as session:
            return shown(await Bots(session, request.user.id).create(username=data.username, name=data.name))

    @get()
    async def list_bots(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> list[schemas.BotOut]:
        """Your bots, the oldest first, with those that speak for incoming webhooks of yours."""
        async with sessions() as session:
            return [shown(bot) for bot in await Bots(session, request.user.id).all()]

    @get("/me", opt=refuses(NoSuchBot))
    async def read_own_bot(self, request: ActorRequest) -> schemas.OwnBot:
        """For a bot: who the key in use says that it is, and what it may be used for."""
        actor = request.user
        if actor.scopes is None:
            raise NoSuchBot
        return schemas.OwnBot(
            id=actor.id, username=actor.username, scopes=sorted(actor.scopes), expires_at=actor.expires_at
        )

    @patch("/{bot_id:int}", opt=refuses(NoSuchBot))
    async def rename_bot(
        self, bot_id: Id, data: JSONBody[schemas.BotChange], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.BotOut:
        """Give it another name. The username stays."""
        async with sessions.begin() as session:
            return shown(await Bots(session, request.user.id).rename(bot_id, data.name))

    @delete("/{bot_id:int}", opt=refuses(NoSuchBot))
    async def delete_bot(
        self,
        bot_id: Id,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        doorkeeper: NamedDependency[Doorkeeper],
        redis: NamedDependency[Redis],
    ) -> None:
        """End a bot: its keys and its incoming webhook stop working, it leaves its groups, and what it wrote stays."""
        async with sessions.begin() as session:
            ending = await Bots(session, request.user.id).delete(bot_id)
        doorkeeper.ended.note(ending.keys)
        for act in ending.left:
            await announce_act(redis, act)

    @put(
        "/{bot_id:int}/conversations/{conversation_id:int}",
        status_code=HTTP_204_NO_CONTENT,
        opt=refuses(NoSuchBot, NotAMember, NotAGroup, NotAllowedHere, BannedHere, GroupFull),
    )
    async def put_bot_into_group(
        self,
        bot_id: Id,
        conversation_id: Id,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Make your bot a member of a group that you own or administer."""
        async with sessions.begin() as session:
            act = await Bots(session, request.user.id).put_into(bot_id, conversation_id)
        await announce_act(redis, act)

    @delete("/{bot_id:int}/conversations/{conversation_id:int}", opt=refuses(NoSuchBot, NotAMember, NotAGroup))
    async def take_bot_out_of_group(
        self,
        bot_id: Id,
        conversation_id: Id,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Have your bot leave a group, whoever looks after that."""
        async with sessions.begin() as session:
            act = await Bots(session, request.user.id).take_out(bot_id, conversation_id)
        await announce_act(redis, act)


class KeyController(Controller):
    path = "/api/bots/{bot_id:int}/keys"
    tags = ("Bots",)

    @post(opt=refuses(NoSuchBot, NameInUse, TooManyKeys, AlreadyExpired))
    async def create_key(
        self, bot_id: Id, data: JSONBody[schemas.NewKey], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.IssuedKey:
        """Make an API key. `key` is shown in this answer and never again.

        Send it as `Authorization: Bearer plk_…`, also when opening a socket.
        """
        async with sessions.begin() as session:
            row, key = await Bots(session, request.user.id).issue_key(
                bot_id, name=data.name, scopes=data.scopes, expires_at=data.expires_at
            )
        return schemas.IssuedKey(key=key, **described(row))

    @get(opt=refuses(NoSuchBot))
    async def list_keys(
        self, bot_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> list[schemas.KeyOut]:
        """The keys of a bot, the oldest first."""
        async with sessions() as session:
            return [schemas.KeyOut(**described(row)) for row in await Bots(session, request.user.id).keys_of(bot_id)]

    @delete("/{key_id:uuid}", opt=refuses(NoSuchBot, NoSuchKey))
    async def revoke_key(
        self,
        bot_id: Id,
        key_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> None:
        """End a key: within five seconds it is refused everywhere, and its open sockets are closed."""
        async with sessions.begin() as session:
            ended = await Bots(session, request.user.id).revoke_key(bot_id, key_id)
        doorkeeper.ended.note(ended)


def shown(bot: User) -> schemas.BotOut:
    return schemas.BotOut(id=bot.id, username=bot.username, name=bot.first_name, created_at=bot.created_at)


def described(row: ApiKey) -> dict[str, Any]:
    """The fields of a KeyOut."""
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": [Scope(scope) for scope in row.scopes],
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }
