"""The browser's verifier is tried with what this one says: today's."""

from tests.fairdraw.vectors import PLACE, vectors


def test_the_vectors_of_the_browser_are_those_of_this_verifier() -> None:
    assert PLACE.read_text("utf-8") == vectors(), "make them anew: python -m tests.fairdraw.vectors"
