"""Limits of playing, and what may be said against a play."""

from app.errors import AppError, NotFound

HISTORY = 3
"""Plays that the history shows unless asked for more (document A)."""

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
