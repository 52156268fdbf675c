"""The rules of counting: streaks, days, achievements, and which board a day is on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.days import today
from app.domain.game.standings import achievements
from app.domain.game.standings.achievements import ACHIEVEMENTS, Totals, earned
from app.domain.game.standings.boards import (
    Board,
    Period,
    board_on,
    end_of,
    is_at_hand,
    kept_boards,
    let_go_at,
)
from app.domain.game.standings.tallies import ALL_GAMES, Counted, Tally, add_up, streak_of_days

DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 20)


def tally_of(results: str) -> Tally:
    """`w` for a win of two cents, `l` for a loss."""
    return add_up(Counted(1, "number", won=one == "w", prize_cents=2 * (one == "w")) for one in results)[1, ALL_GAMES]


@pytest.mark.parametrize(
    ("results", "opening", "current", "best"),
    [("w", 1, 1, 1), ("l", 0, 0, 0), ("wwl", 2, 0, 2), ("lww", 0, 2, 2), ("wwlwwwlw", 2, 1, 3), ("www", 3, 3, 3)],
)
def test_a_streak_ends_with_a_loss(results: str, opening: int, current: int, best: int) -> None:
    tally = tally_of(results)
    assert (tally.opening_streak, tally.win_streak, tally.best_win_streak) == (opening, current, best)


@given(st.text("wl", min_size=1))
@example("lwwlwww")
def test_streaks_are_the_runs_between_losses(results: str) -> None:
    runs = [len(run) for run in results.split("l")]
    tally = tally_of(results)
    assert (tally.opening_streak, tally.win_streak, tally.best_win_streak) == (runs[0], runs[-1], max(runs))
    assert (tally.games, tally.wins, tally.prize_cents) == (len(results), results.count("w"), 2 * results.count("w"))


def test_a_play_counts_in_its_game_and_in_all_and_for_its_player_alone() -> None:
    tallies = add_up([Counted(1, "number", won=True, prize_cents=20), Counted(2, "dice", won=True, prize_cents=5)])
    assert {name: tally.prize_cents for name, tally in tallies.items()} == {
        (1, "number"): 20,
        (1, ALL_GAMES): 20,
        (2, "dice"): 5,
        (2, ALL_GAMES): 5,
    }


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_the_best_prize_is_the_highest_of_any_play(prizes: list[int]) -> None:
    tallies = add_up(Counted(1, "number", won=prize > 0, prize_cents=prize) for prize in prizes)
    assert tallies[1, "number"].best_prize_cents == max(prizes)
    assert tallies[1, "number"].prize_cents == sum(prizes)


@pytest.mark.parametrize(("last_day", "streak"), [(0, 5), (-1, 5), (-2, 0), (-400, 0), (1, 5)])
def test_a_streak_of_days_outlives_the_day_after_and_no_more(last_day: int, streak: int) -> None:
    assert streak_of_days(5, FRIDAY + last_day * DAY, FRIDAY) == streak


def totals(**reached: int) -> Totals:
    return Totals(**(dict.fromkeys(Totals._fields, 0) | reached))


def names(before: Totals | None, now: Totals) -> list[str]:
    return [one.name for one in earned(before, now)]


@pytest.mark.parametrize("one", ACHIEVEMENTS, ids=lambda one: one.name)
def test_an_achievement_is_earned_when_its_mark_is_reached_and_not_before_or_after(
    one: achievements.Achievement,
) -> None:
    below, at, above = (totals(**{one.counter: one.least + more}) for more in (-1, 0, 1))
    assert one.name not in names(None, below)
    assert one.name in names(below, at)
    assert one.name in names(below, above)
    assert one.name not in names(at, above)


def test_on_the_first_play_of_a_day_everything_that_was_reached_is_looked_at() -> None:
    """So who has played a hundred times already is given an achievement for that, should it be added."""
    assert names(None, totals(games=101)) == ["first_play", "hundred_plays"]
    assert names(totals(games=100), totals(games=101)) == []


def test_no_two_achievements_have_a_name_or_a_title_in_common() -> None:
    assert len({one.name for one in ACHIEVEMENTS}) == len({one.title for one in ACHIEVEMENTS}) == len(ACHIEVEMENTS)


@pytest.mark.parametrize(
    ("period", "day", "starts_on"),
    [
        ("day", FRIDAY, FRIDAY),
        ("week", FRIDAY, date(2026, 11, 16)),
        ("week", date(2026, 11, 16), date(2026, 11, 16)),
        ("week", date(2026, 11, 22), date(2026, 11, 16)),
        ("week", date(2026, 11, 23), date(2026, 11, 23)),
        ("week", date(2027, 1, 1), date(2026, 12, 28)),
        ("week", date(1, 1, 1), date(1, 1, 1)),
        ("all", FRIDAY, None),
    ],
)
def test_weeks_are_from_monday_to_sunday(period: Period, day: date, starts_on: date | None) -> None:
    assert board_on("number", period, day) == Board("number", period, starts_on)


@pytest.mark.parametrize(
    ("zone", "board", "ends_at"),
    [
        ("UTC", Board("*", "day", FRIDAY), datetime(2026, 11, 21, tzinfo=UTC)),
        ("Europe/Kyiv", Board("*", "day", FRIDAY), datetime(2026, 11, 20, 22, tzinfo=UTC)),
        ("UTC", Board("*", "week", date(2026, 11, 16)), datetime(2026, 11, 23, tzinfo=UTC)),
        ("Africa/Cairo", Board("*", "day", date(2024, 4, 25)), datetime(2024, 4, 25, 22, tzinfo=UTC)),
        ("America/Havana", Board("*", "week", date(2024, 10, 28)), datetime(2024, 11, 4, 5, tzinfo=UTC)),
        ("UTC", Board("*", "all", None), None),
        ("UTC", Board("*", "day", date(9999, 12, 31)), None),
    ],
)
def test_a_board_ends_where_the_next_one_begins_in_the_zone(zone: str, board: Board, ends_at: datetime | None) -> None:
    assert end_of(board, ZoneInfo(zone)) == ends_at


ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Kyiv", "Etc/GMT+12", "Pacific/Kiritimati", "America/St_Johns")]


@given(
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  given naive
)
def test_what_is_read_from_redis_is_kept_there_also_after_a_change_of_zone(
    before: ZoneInfo, after: ZoneInfo, now: datetime
) -> None:
    """Kept by whoever built it in the zone of before; read in the zone of after; not let go meanwhile."""
    kept = {board for board in kept_boards(["*"], today(now, before)) if board.starts_on}
    for days in range(-10, 3):
        for period in ("day", "week"):
            board = board_on("*", period, today(now, after) + days * DAY)
            if is_at_hand(board, today(now, after)) and board.starts_on and board.starts_on <= today(now, before):
                assert board in kept
                assert let_go_at(board) > now.timestamp()


def test_these_boards_are_kept_of_each_game_and_of_all() -> None:
    days = [FRIDAY + days * DAY for days in (-2, -1, 0, 1)]
    assert list(kept_boards(["dice", "*"], FRIDAY)) == [
        board
        for game in ("dice", "*")
        for board in (
            Board(game, "all", None),
            *(Board(game, "day", day) for day in days),
            *(Board(game, "week", date(2026, 11, monday)) for monday in (9, 16)),
        )
    ]


def test_a_board_is_let_go_four_days_after_its_day_began_or_two_weeks_after_its_week_and_that_of_all_time_never() -> (
    None
):
    """At midnight of UTC, whatever the zone of the machine."""
    assert let_go_at(Board("*", "day", FRIDAY)) == datetime(2026, 11, 24, tzinfo=UTC).timestamp()
    assert let_go_at(Board("*", "week", date(2026, 11, 16))) == datetime(2026, 11, 30, tzinfo=UTC).timestamp()
    assert let_go_at(Board("*", "all", None)) == 0


def test_the_board_of_now_is_at_hand_and_older_ones_are_not() -> None:
    at_hand = [is_at_hand(board_on("*", "day", FRIDAY + days * DAY), FRIDAY) for days in range(-2, 2)]
    assert at_hand == [False, False, True, True]
    weeks = [is_at_hand(board_on("*", "week", FRIDAY + days * DAY), FRIDAY) for days in (-14, -7, 0)]
    assert weeks == [False, False, True]
    for day in (date(2026, 11, 16), date(2026, 11, 22)):
        beginnings = [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
        assert [is_at_hand(Board("*", "week", monday), day) for monday in beginnings] == [False, True, True]
    assert is_at_hand(Board("*", "all", None), FRIDAY)
