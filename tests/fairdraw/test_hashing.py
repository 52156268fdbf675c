"""One way to write a record, and numbers of which none is likelier than another."""

import pytest

from app.fairdraw.hashing import below, canonical


def test_a_number_at_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """2^64 mod 3 is 1, so that 2^64 - 1 is the one number that would favour the first of three."""
    drawn = iter([2**64 - 1, 2**64 - 2])
    monkeypatch.setattr("app.fairdraw.hashing.hmac.digest", lambda *_: next(drawn).to_bytes(8) + bytes(24))
    assert below(3, b"", b"") == (2**64 - 2) % 3 == 2


@pytest.mark.parametrize("record", [{"at": 1.0}, {"in": [{"depth": [0.5]}]}, {"a": (1, float("nan"))}])
def test_a_record_with_a_fraction_is_refused_however_deep_it_lies(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^a record holds integers only$"):
        canonical(record)
