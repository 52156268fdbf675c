"""Who may take part."""

import re

import pytest

from app.domain.lottery.rules.audience import AUDIENCE, EVERYONE, VERIFIED, group_of


@pytest.mark.parametrize(
    ("audience", "group"),
    [("group:5", 5), ("group:1", 1), ("group:" + "9" * 18, 10**18 - 1), (EVERYONE, None), (VERIFIED, None)],
)
def test_an_audience_is_a_group_or_has_none(audience: str, group: int | None) -> None:
    assert re.match(AUDIENCE, audience)
    assert group_of(audience) == group
