"""How much a draw proves: a beacon more than dealers, dealers more than the seed alone."""

import pytest

from app.fairdraw.levels import LEVELS, Level, level_of


@pytest.mark.parametrize(
    ("dealers", "beacon", "level"), [(False, False, 0), (True, False, 1), (False, True, 2), (True, True, 2)]
)
def test_the_level_of_a_draw_is_that_of_the_best_that_it_has(*, dealers: bool, beacon: bool, level: Level) -> None:
    assert level_of(dealers=dealers, beacon=beacon) == level
    assert level in LEVELS
