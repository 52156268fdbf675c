"""What is committed to before a play that needs luck, and what proves it afterwards."""

from typing import Annotated

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import PathParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.game.controllers.games import GameInPath
from app.domain.game.controllers.plays import KeyInPath
from app.domain.game.rules import (
    EpochOutOfTurn,
    EpochUnused,
    NoSuchEpoch,
    NoSuchGame,
    NoSuchPlay,
    NothingToProve,
)
from app.domain.game.schemas.proofs import EpochView, PlaysFile
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.proofs import Proofs
from app.domain.game.services.registry import game_of_luck
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

EpochNumber = Annotated[int, PathParameter(ge=1, le=2**31)]


class ProofController(Controller):
    path = "/api/game"
    tags = ("Game",)

    @put(
        "/games/{game:str}/epochs/{epoch:int}",
        opt=refuses(NoSuchGame, NothingToProve, EpochOutOfTurn, EpochUnused),
    )
    async def begin_epoch(
        self,
        game: GameInPath,
        epoch: EpochNumber,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> EpochView:
        """Have the server commit to the seeds of your next plays. The first epoch is 1; others follow by themselves.

        You may ask for the next one sooner, which ends the one before. Asked for again, an epoch is answered as it is.
        """
        chosen = game_of_luck(game)
        async with sessions.begin() as session:
            return await Epochs(session=session).begin(request.user.id, chosen.name, epoch, settings.seed_secret)

    @get("/games/{game:str}/epochs", opt=refuses(NoSuchGame, NothingToProve))
    async def list_epochs(
        self,
        game: GameInPath,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = PAGE,
        offset: Offset = 0,
    ) -> list[EpochView]:
        """Your epochs in a game, newest first, and what is committed to for your next play."""
        chosen = game_of_luck(game)
        async with sessions() as session:
            return await Epochs(session=session).list_of(request.user.id, limit, offset, chosen.name)

    @get("/games/{game:str}/epochs/{epoch:int}", opt=refuses(NoSuchGame, NothingToProve, NoSuchEpoch))
    async def read_epoch(
        self, game: GameInPath, epoch: EpochNumber, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> PlaysFile:
        """All your plays of an epoch so far, as the file that a verifier checks."""
        chosen = game_of_luck(game)
        async with sessions() as session:
            return await Proofs(session).of_epoch(request.user.id, chosen.name, epoch)

    @get("/plays/{key:str}/proof", opt=refuses(NoSuchPlay, NothingToProve))
    async def read_proof(self, key: KeyInPath, request: ActorRequest, sessions: NamedDependency[Sessions]) -> PlaysFile:
        """One play of yours with all that proves it, as such a file."""
        async with sessions() as session:
            return await Proofs(session).of_play(request.user.id, key)
