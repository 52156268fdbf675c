"""The games. Each file here defines one and calls it `game`; there is nothing else to do to add another.

docs/guide/games.md shows it, and tests/domain/game/test_adding.py does it.
"""
