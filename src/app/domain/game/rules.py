"""Limits of playing, and what may be said against a play."""

from app.errors import NotFound

HISTORY = 3
"""Plays that the history shows unless asked for more (document A)."""

KEY_CHARACTERS = 64
NAME_CHARACTERS = 32
"""Of a game's name."""


class NoSuchGame(NotFound):
    code = "no_such_game"
    detail = "There is no such game. `GET /api/game/games` lists them."


class NoSuchPlay(NotFound):
    code = "no_such_play"
    detail = "No play of yours is stored under this key. If it was accepted moments ago, ask again."
