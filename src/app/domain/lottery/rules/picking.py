"""Who wins."""

from collections.abc import Callable, Iterable


def pick(ballots: int, prizes: int, below: Callable[[int], int]) -> list[int]:
    """The winning seqs, one per prize in order of prizes, out of 0 … ballots-1: each drawn from those that remain.

    `below(r)` chooses uniformly among 0 … r-1 and stands for a place in the list of remaining ballots, in order of
    seq. The list itself is never built, so that a draw of millions of ballots costs nothing.
    """
    winners: list[int] = []
    for prize in range(min(prizes, ballots)):
        winners.append(_remaining(below(ballots - prize), winners))
    return winners


def _remaining(place: int, taken: Iterable[int]) -> int:
    for seq in sorted(taken):
        if seq > place:
            break
        place += 1
    return place
