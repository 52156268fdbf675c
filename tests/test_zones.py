import pytest

from app.zones import UnknownZone, known_zone


def test_a_zone_is_known_by_its_iana_name() -> None:
    assert known_zone("Europe/Kyiv").key == "Europe/Kyiv"


@pytest.mark.parametrize("wrong", ["Europe/Atlantis", "Europe", "../../etc/passwd", "/etc/passwd", "UTC+3", ""])
def test_what_is_no_zone_is_refused(wrong: str) -> None:
    with pytest.raises(UnknownZone):
        known_zone(wrong)
