from datetime import timedelta

from app.domain.notices.postmen import PATIENCE_SECONDS
from app.domain.notices.rules.mail import MOST_ATTEMPTS, pause_after


def test_the_pauses_double_and_their_sum_outlasts_a_night() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert sum(pauses, timedelta()) > timedelta(hours=8)


def test_a_postman_gives_up_well_before_another_one_may_set_out_with_the_same_mail() -> None:
    assert pause_after(1) > 2 * timedelta(seconds=PATIENCE_SECONDS)
