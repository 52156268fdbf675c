"""Limits of playing, and what may be said against a play, a round or a pick."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.errors import AppError, NotFound

HISTORY = 3
"""Plays that the history shows unless asked for more (document A)."""

OPEN_ROUNDS = 5
"""In one group at a time. Each has a chain of seeds of its own, since a round shows its seed before the next begins."""

PICKS_PER_ROUND = 10_000
"""As many as a group has members."""

PICKS_PER_PLAYER = 20
"""In one round, with those that were replaced."""

SECOND = timedelta(seconds=1)
SHORTEST_ROUND, LONGEST_ROUND = 10 * SECOND, timedelta(days=7)

KEY_CHARACTERS = 64


EPOCH_PLAYS = 250
"""Plays under one chain of seeds. Finding a seed takes as many hashes as there are left, about a tenth of a ms."""
SALT_BYTES = 16


class NoSuchGame(NotFound):
    code = "no_such_game"
    detail = "There is no such game. `GET /api/game/games` lists them."


class NoSuchPlay(NotFound):
    code = "no_such_play"
    detail = "No play of yours is stored under this key. If it was accepted moments ago, ask again."


class NoSuchEpoch(NotFound):
    code = "no_such_epoch"
    detail = "You have not begun this epoch."


class NothingToProve(AppError):
    status = 409
    code = "nothing_to_prove"
    detail = "This game leaves nothing to luck: its result follows from the move alone."


class NoEpoch(AppError):
    status = 409
    code = "no_epoch"
    detail = "No seeds are committed to for you in this game. Begin an epoch first; nothing was played."


class OtherEpoch(AppError):
    status = 409
    code = "other_epoch"
    detail = "Your nonce was chosen for another epoch than the one that is played now. Nothing was played."


class SeedsLost(AppError):
    status = 409
    code = "seeds_lost"
    detail = "The server has lost the seeds of this epoch. Nothing was played; begin the next epoch to go on."


class EpochOutOfTurn(AppError):
    status = 409
    code = "epoch_out_of_turn"
    detail = "Epochs are begun one after the other, from 1."


class EpochUnused(AppError):
    status = 409
    code = "epoch_unused"
    detail = "Nothing was played in the epoch before this one yet."


class NoSuchRound(NotFound):
    """An outsider is not told whether there is one."""

    code = "no_such_round"
    detail = "There is no such round, or you are not in its group."


class NothingLeftToLuck(AppError):
    status = 422
    code = "nothing_left_to_luck"
    detail = "A round has one luck for everybody, and this game has none."


class NoNonceInRounds(AppError):
    status = 422
    code = "no_nonce_in_rounds"
    detail = "In a round all have the same luck. A nonce is for plays of your own."


class RoundEndRefused(AppError):
    status = 400
    code = "round_end_refused"
    detail = "Say when it closes, or in how many seconds: at least 10 seconds ahead, and 7 days at most."


class TooManyRounds(AppError):
    status = 409
    code = "too_many_rounds"
    detail = f"A group has at most {OPEN_ROUNDS} rounds at a time. Wait for one to close, or call one off."


class RoundClosed(AppError):
    status = 409
    code = "round_closed"
    detail = "This round is closed."


class RoundCancelled(AppError):
    status = 409
    code = "round_cancelled"
    detail = "This round was called off."


class RoundFull(AppError):
    status = 409
    code = "round_full"
    detail = f"A round takes {PICKS_PER_ROUND} picks."


class TooManyPicks(AppError):
    status = 409
    code = "too_many_picks"
    detail = f"You may pick {PICKS_PER_PLAYER} times in a round. Your last pick counts."


class RoundNotDrawn(AppError):
    status = 409
    code = "round_not_drawn"
    detail = "This round has no result yet, or was called off."


def closing_time(now: datetime, at: datetime | None, seconds: int | None) -> datetime:
    """When a round closes, at a whole second: at a time, or after so many seconds. Raises RoundEndRefused."""
    try:
        match at, seconds:
            case datetime(), None:
                end = at.astimezone(UTC)
            case None, int():
                end = (now + timedelta(seconds=seconds)).astimezone(UTC)
            case _:
                raise RoundEndRefused
        end = end if end.microsecond == 0 else end.replace(microsecond=0) + SECOND
    except OverflowError as error:
        raise RoundEndRefused from error
    if not SHORTEST_ROUND <= end - now < LONGEST_ROUND + SECOND:
        raise RoundEndRefused
    return end


def places(prizes: Sequence[int]) -> list[int]:
    """The place of each, from 1: of how many the prize is higher, and one. Equal prizes share a place."""
    highest_first = sorted(prizes, reverse=True)
    place_of: dict[int, int] = {}
    for place, prize in enumerate(highest_first, start=1):
        place_of.setdefault(prize, place)
    return [place_of[prize] for prize in prizes]
