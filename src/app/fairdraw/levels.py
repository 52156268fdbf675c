"""How much a draw proves, and what it does not prove: said here, for every place that shows a draw."""

from typing import Literal, NamedTuple

Level = Literal[0, 1, 2]


class Assurance(NamedTuple):
    proves: str
    does_not_prove: str


LEVELS: dict[Level | None, Assurance] = {
    None: Assurance(
        "Nothing: this draw is older than the log.",
        "That its ballots and its winners are what they were.",
    ),
    0: Assurance(
        "The winners follow from the frozen ballots and from a seed that was fixed before the draw opened. Neither can "
        "have been changed after the close.",
        "That the operator, who knows the seed in advance, did not add ballots before the close until one of them won.",
    ),
    1: Assurance(
        "As level 0, and nobody could foresee the winners before the close, as long as one of the dealers is honest "
        "and kept their secret.",
        "That the operator and all dealers did not act together. A dealer can also hold a draw up, even after working "
        "out who would win: for all to see, and without another result.",
    ),
    2: Assurance(
        "As level 0, and nobody at all could foresee the winners before the close: a public beacon decides, by a round "
        "that was fixed when the draw opened and made after it closed.",
        "That the close was not dated back, unless somebody kept the checkpoint that was published with it.",
    ),
}
"""By level. None is for a draw that has no records."""


def level_of(*, dealers: bool, beacon: bool) -> Level:
    """Of a draw whose open record has them, or of one that would be opened with them."""
    return 2 if beacon else 1 if dealers else 0
