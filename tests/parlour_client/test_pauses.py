"""Clients of one dead server do not all come back at the same moment."""

from parlour_client.pauses import FIRST_SECONDS, LONGEST_SECONDS, pause


def test_pauses_double_up_to_a_limit_and_are_spread_over_their_upper_half() -> None:
    for attempt in range(12):
        whole = min(FIRST_SECONDS * 2**attempt, LONGEST_SECONDS)
        tried = [pause(attempt) for _ in range(200)]
        assert whole / 2 <= min(tried) < whole * 0.6
        assert whole * 0.9 < max(tried) <= whole
    assert pause(10_000) <= LONGEST_SECONDS
