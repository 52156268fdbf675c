"""Rounds that a group plays together, over HTTP."""

from typing import Annotated

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Raw
from redis.asyncio import Redis

from app.bodies import read, takes
from app.domain.accounts.guards import ActorRequest
from app.domain.chat.roles import NotAllowedHere
from app.domain.chat.rules import NotAGroup, NotAMember
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.services.announcing import announce_act
from app.domain.game.rules import (
    KEY_CHARACTERS,
    NoNonceInRounds,
    NoSuchGame,
    NoSuchRound,
    NothingLeftToLuck,
    RoundCancelled,
    RoundClosed,
    RoundEndRefused,
    RoundFull,
    RoundNotDrawn,
    TooManyPicks,
    TooManyRounds,
)
from app.domain.game.schemas.plays import KEY_PATTERN
from app.domain.game.schemas.rounds import PickOut, Place, RoundDetails, RoundOut, RoundProof, RoundRequest
from app.domain.game.services import picking, showing
from app.domain.game.services.registry import GAMES
from app.domain.game.services.rounds import Rounds
from app.domain.game.services.submitting import new_key
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Unconfirmed
from app.inbox.batches import NotStorable
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=KEY_CHARACTERS,
        pattern=KEY_PATTERN,
        description="Your own name for this. Sent again under the same name, it answers the same, for ever.",
    ),
]
RoundId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
GroupId = Annotated[int, QueryParameter(ge=1, le=LARGEST_ID)]
Before = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID, description="A round's id, to page on from.")]
decode_pick = msgspec.json.Decoder(PickOut).decode


class RoundController(Controller):
    path = "/api/game/rounds"
    tags = ("Rounds",)

    @post(
        opt=refuses(
            NotAMember,
            NotAGroup,
            NotAllowedHere,
            NoSuchGame,
            NothingLeftToLuck,
            RoundEndRefused,
            TooManyRounds,
            IdempotencyConflict,
        )
    )
    async def open_round(
        self,
        data: JSONBody[RoundRequest],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
        idempotency_key: Key = None,
    ) -> RoundOut:
        """Begin a round in a group: everybody picks until it closes, then one luck decides for all. For admins.

        The group hears of it in its own sequence, with the commitment to the seed that the luck will come from.
        """
        key = idempotency_key or new_key()
        async with sessions.begin() as session:
            held, act = await Rounds(session=session).open(request.user.id, data, key, settings.seed_secret)
            [shown] = await showing.show(session, [held])
        await announce_act(redis, act)
        return shown

    @get(opt=refuses(NotAMember))
    async def list_rounds(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        conversation_id: GroupId,
        before: Before = None,
        limit: Limit = PAGE,
    ) -> list[RoundOut]:
        """The rounds of a group that you are in, the newest first."""
        async with sessions() as session:
            found = await Rounds(session=session).of_group(conversation_id, request.user.id, before, limit)
            return await showing.show(session, found)

    @get("/{round_id:int}", opt=refuses(NoSuchRound))
    async def read_round(
        self, round_id: RoundId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> RoundDetails:
        """A round, with your pick; once it is drawn, with its result and the top of its leaderboard."""
        async with sessions() as session:
            held = await Rounds(session=session).of_member(round_id, request.user.id)
            return await showing.show_details(session, held, request.user.id)

    @delete("/{round_id:int}", status_code=HTTP_200_OK, opt=refuses(NoSuchRound, NotAllowedHere, RoundClosed))
    async def cancel_round(
        self,
        round_id: RoundId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> RoundOut:
        """Call a round off before it closes. For admins. Its seed is shown, so that all see what was called off."""
        async with sessions.begin() as session:
            held, act = await Rounds(session=session).cancel(round_id, request.user.id, settings.seed_secret)
            [shown] = await showing.show(session, [held])
        await announce_act(redis, act)
        return shown

    @put(
        "/{round_id:int}/pick",
        opt={
            **refuses(
                NoSuchRound,
                NoSuchGame,
                NoNonceInRounds,
                RoundClosed,
                RoundCancelled,
                RoundFull,
                TooManyPicks,
                IdempotencyConflict,
                NotStorable,
                InboxFull,
                Unconfirmed,
            ),
            **takes(*(game.move for game in GAMES.values() if game.is_lucky)),
        },
    )
    async def pick(
        self,
        round_id: RoundId,
        data: JSONBody[Raw],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        inbox: NamedDependency[Inbox],
        idempotency_key: Key = None,
    ) -> PickOut:
        """Pick in a round; the body is a move of its game. The answer comes once PostgreSQL has stored it.

        Under another key you may pick again before the round closes: the last pick counts.
        """
        me = request.user.id
        async with sessions() as session:
            game = await picking.game_of(session, round_id, me)
        move = read(bytes(data), game.move)
        return decode_pick(await (await picking.submit(inbox, round_id, me, move, idempotency_key or new_key())))

    @get("/{round_id:int}/leaderboard", opt=refuses(NoSuchRound))
    async def list_places(
        self,
        round_id: RoundId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = PAGE,
        offset: Offset = 0,
    ) -> list[Place]:
        """Who won what in a round, once it is drawn: the highest prize first."""
        async with sessions() as session:
            await Rounds(session=session).of_member(round_id, request.user.id)
            return await showing.leaderboard(session, round_id, request.user.id, limit, offset)

    @get("/{round_id:int}/proof", opt=refuses(NoSuchRound, RoundNotDrawn))
    async def read_round_proof(
        self, round_id: RoundId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> RoundProof:
        """The transcript of a round: all picks, the seed, and what follows from both, for anyone to check.

        Players stand in it under tags; yours is the hash of the salt that your pick shows to you, and your id.
        """
        async with sessions() as session:
            held = await Rounds(session=session).of_member(round_id, request.user.id)
            return await showing.proof_of(session, held)
