from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.accounts.commonest import KEYBOARDS, WORDS, is_common

WORD = st.sampled_from(sorted(WORDS))


@given(WORD, st.sampled_from(["", "1", "12", "123", "1234", "2024", "1999!", "!", "!!", "007", "$"]))
def test_a_common_word_stays_common_with_what_people_add(word: str, tail: str) -> None:
    if word + tail != "secret1234":
        assert is_common(word + tail)


@given(WORD)
def test_capitals_change_nothing(word: str) -> None:
    assert is_common(word.title())


@given(st.sampled_from("ab1x!ж"), st.integers(8, 256))
def test_one_character_again_and_again_is_common(character: str, length: int) -> None:
    assert is_common(character * length)


@given(st.sampled_from(KEYBOARDS), st.data())
def test_a_walk_along_the_keyboard_is_common_in_both_directions(row: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(row) - 4))
    walk = row[start:]
    assert is_common(walk)
    assert is_common(walk[::-1])


@pytest.mark.parametrize(
    "common",
    ["87654321", "abcdefgh", "abcabcabc", "12121212", "monkeymonkey", "1q2w3e4r", "1qaz2wsx", "qwerty123", "asdf1234",
     "passw0rd", "P@$$w0rd", "letmein!", "пароль123", "йцукенгш", "11111111", "00000000", "zaq12wsx", "123qweasd"],  # noqa: RUF001  Ukrainian
)  # fmt: skip
def test_these_are_common(common: str) -> None:
    assert is_common(common)


@pytest.mark.parametrize(
    "uncommon",
    ["secret1234", "SecurePass123!", "correct horse", "trombone-otter-41", "x9#kQ2!m", "zebra-lamp-77", "Maria19x84s",
     "пароль від кота", "i love you, Bob", "qwerty-and-more-of-it"],
)  # fmt: skip
def test_these_are_not(uncommon: str) -> None:
    assert not is_common(uncommon)


def test_the_longest_password_is_looked_at_in_no_time() -> None:
    start = perf_counter()
    for spiteful in ["1q2w3e4" * 37, "password" * 32, "qwertyuiop[" * 24, "a1" * 128, "!" * 255 + "a"]:
        is_common(spiteful[:256])
    assert perf_counter() - start < 0.1
