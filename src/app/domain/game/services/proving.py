"""A round as the records that anyone can check: docs/fairdraw-format.md."""

from collections.abc import Iterable, Sequence

import msgspec

from app.domain.game.definition import Luck
from app.domain.game.models import Pick, Round
from app.domain.game.rules import NoSuchGame
from app.domain.game.services.registry import game_called
from app.fairdraw import rounds as fair
from app.fairdraw.hashing import Record


def place_of(held: Round) -> fair.Place:
    return fair.Place(held.genesis, held.number, held.commitment)


def opening(held: Round) -> Record:
    return fair.open_record(
        number=held.id,
        group=held.conversation_id,
        game=held.game,
        opens_at=held.opened_at,
        closes_at=held.closes_at,
        place=place_of(held),
    )


def closing(held: Round) -> Record:
    """Of a round whose picks are frozen."""
    return fair.close_record(opening(held), held.picks, held.root or b"")


def picks_as_proven(picks: Iterable[Pick]) -> list[fair.Pick]:
    return [fair.Pick(pick.player, pick.move) for pick in picks]


def scores_of(picks: Iterable[Pick]) -> list[fair.Scored]:
    """As they were when the round was drawn."""
    return [fair.Scored(bool(pick.won), pick.prize_cents or 0, pick.outcome or {}) for pick in picks]


def transcript(held: Round, picks: Sequence[fair.Pick], scores: Sequence[fair.Scored]) -> Record:
    """Of a round that has its seed. `picks` are in the order of their players' tags, `scores` in that of picks."""
    return fair.transcript(opening(held), picks, held.seed or b"", scores)


def score(game: str, move: Record, luck: Luck) -> fair.Scored:
    """What a game makes of a move. Raises ValueError for what is no move of a game that we know."""
    try:
        known = game_called(game)
        scored = known.play(msgspec.convert(move, known.move), luck)
    except (NoSuchGame, msgspec.ValidationError) as error:
        raise ValueError(str(error)) from error
    return fair.Scored(scored.won, scored.prize_cents, msgspec.to_builtins(scored.outcome))


def check(given: Record) -> None:
    """A transcript is what it has to be, to the last byte. Raises DoesNotVerifyError."""
    fair.check(given, score)
