"""What a game has to be, said when it is defined."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.game.definition import Game, LuckyMove, Move, no_luck
from app.domain.game.games.number import game
from app.domain.game.rules import NoSuchGame, NothingToProve
from app.domain.game.services.registry import GAMES, game_called, game_of_luck


def defined(**others: Any) -> Game[Any]:  # noqa: ANN401  any part of a definition
    return replace(game, **others)


@pytest.mark.parametrize("name", ["", "Number", "number game", "number/2", "n" * 33, "число"])
def test_a_name_has_to_stand_in_an_address(name: str) -> None:
    with pytest.raises(ValueError, match="address"):
        defined(name=name)


@pytest.mark.parametrize(("move", "odds"), [(LuckyMove, None), (Move, "One in two.")])
def test_odds_are_stated_where_there_is_luck_and_only_there(move: type[Move], odds: str | None) -> None:
    with pytest.raises(ValueError, match="luck"):
        defined(move=move, odds=odds)


def test_a_game_without_luck_gets_none() -> None:
    with pytest.raises(LookupError, match=r"^a game without luck asked for one of 6$"):
        no_luck(6)


def test_a_game_is_found_by_its_name() -> None:
    assert game_called("number") is GAMES["number"] is game
    with pytest.raises(NoSuchGame):
        game_called("chess")


def test_only_a_game_of_luck_has_something_to_prove() -> None:
    assert game_of_luck("dice") is GAMES["dice"]
    with pytest.raises(NothingToProve):
        game_of_luck("number")
