"""The games there are: every module of `games` has one, and calls it `game`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from app.domain.game import games
from app.domain.game.definition import Game
from app.domain.game.rules import NoSuchGame, NothingToProve
from app.domain.game.standings.tallies import ALL_GAMES


def find() -> Mapping[str, Game[Any]]:
    """By name, in the order of their files' names."""
    found = [import_module(f"{games.__name__}.{module.name}").game for module in iter_modules(games.__path__)]
    if len({game.name for game in found}) < len(found):
        raise ValueError("two games have one name")
    return {game.name: game for game in found}


GAMES = find()


def game_called(name: str) -> Game[Any]:
    """Raises NoSuchGame."""
    game = GAMES.get(name)
    if game is None:
        raise NoSuchGame
    return game


def game_of_luck(name: str) -> Game[Any]:
    """Raises NoSuchGame, NothingToProve."""
    game = game_called(name)
    if not game.is_lucky:
        raise NothingToProve
    return game


def title_of(name: str) -> str:
    """Also of a game that is no more."""
    game = GAMES.get(name)
    return game.title if game else name


def counted_as(name: str | None) -> str:
    """Under which name the plays of a game are counted; without one, those of all. Raises NoSuchGame."""
    return ALL_GAMES if name is None else str(game_called(name).name)
