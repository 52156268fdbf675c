"""Which games there are, and a move in any of them."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Raw

from app.bodies import read, takes
from app.domain.accounts.guards import ActorRequest
from app.domain.game.controllers.plays import PLAY_RESPONSES, IdempotencyKey, PlayResponse, play_once
from app.domain.game.definition import NAME_PATTERN
from app.domain.game.rules import NoEpoch, NoSuchGame, OtherEpoch, SeedsLost
from app.domain.game.schemas.plays import GameView
from app.domain.game.services.registry import GAMES, game_called
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull
from app.inbox.batches import NotStorable
from app.problems import refuses

GameInPath = Annotated[str, PathParameter(pattern=NAME_PATTERN)]


class GameController(Controller):
    path = "/api/game/games"
    tags = ("Game",)

    @get("", opt={"exclude_from_auth": True})
    async def list_games(self) -> list[GameView]:
        """Every game: its rules, its odds where luck decides, and what a move in it is."""
        return [GameView.of(game) for game in GAMES.values()]

    @post(
        "/{game:str}/plays",
        responses=PLAY_RESPONSES,
        opt={
            **refuses(NoSuchGame, NoEpoch, OtherEpoch, SeedsLost, IdempotencyConflict, NotStorable, InboxFull),
            **takes(*(game.move for game in GAMES.values())),
        },
    )
    async def play_game(
        self,
        game: GameInPath,
        data: JSONBody[Raw],
        request: ActorRequest,
        inbox: NamedDependency[Inbox],
        idempotency_key: IdempotencyKey = None,
    ) -> PlayResponse:
        """Make a move in a game; the body is the game's own. The answer is that of `POST /api/game/play`."""
        chosen = game_called(game)
        return await play_once(inbox, request.user.id, chosen, read(bytes(data), chosen.move), idempotency_key)
