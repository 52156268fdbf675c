"""What counts as the same text, what the index holds of it, and what is looked for."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search.rules.folding import fold, fold_with_places
from app.domain.search.rules.limits import HIGHLIGHTS, QueryTooShort, UnknownCursor
from app.domain.search.rules.places import Place
from app.domain.search.rules.queries import Query
from app.domain.search.rules.tokens import token, tokens_of_message, tokens_of_terms
from app.domain.search.rules.windows import BEGINNING, periods_of, windows_before

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

SCRIPTS = [*"ab eÉß0'.-", *"їЇжЖ’ʼ", *"中文语", *"あアｱ", "ｶﾞ", *"กขำ้ี", *"한글", "ᄒ", "ᅡ", *"👍🏽❤", "❤️", "👩\u200d🚀"]
MARKS = ["\u0301", "\u200b", "\u00ad", "\u3000", "\n", " "]


def times(first: int, last: int) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(first, 1, 1), datetime(last, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  adds it


mixed = st.lists(st.sampled_from(SCRIPTS + MARKS), max_size=30).map("".join)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(text=mixed | anything)
def test_a_text_folds_alike_with_and_without_its_places(text: str) -> None:
    folded = fold_with_places(text)
    assert folded.text == fold(text)
    spans = list(zip(folded.starts, folded.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(text=mixed)
def test_what_is_typed_differently_and_means_the_same_is_the_same(text: str) -> None:
    assert fold(normalize("NFD", text)) == fold(text)
    assert fold(text.upper().lower()) == fold(text.lower())
    assert fold(f"  {text}\t") == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("П’ЯТЬ", "п'ять"),
        ("пʼять", "п‘ять"),
        ("Straße", "STRASSE"),
        ("ﬁnal", "FINAL"),
        ("ＡＢＣ１２３", "abc123"),
        ("ｶﾞｯｺｳ", "ガッコウ"),
        ("서울", "서울"),
        ("i\u0307", "\u0130"),
        ("co\u00adoperate", "cooperate"),
        ("กรุง\u200bเทพ", "กรุงเทพ"),
        ("❤️", "❤"),
        ("a \n\u3000 b", "A b"),
    ],
)
def test_two_ways_to_write_one_thing(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("resume", "résumé"), ("и", "й"), ("カ", "ガ"), ("น", "น้"), ("语", "語")])
def test_other_letters_stay_other_letters(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(text=mixed, start=st.integers(0, 40), length=st.integers(1, 12))
def test_the_index_never_misses_what_a_text_holds(text: str, start: int, length: int) -> None:
    folded = fold(text)
    term = folded[start : start + length].strip()
    assert set(tokens_of_terms([term])) <= set(tokens_of_message(1, 2, NOON, folded, has_file=False))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Hello  World", ("hello", "world")),
        ('say "to be  OR not" now', ("say", "to be or not", "now")),
        ("„Добрий день“ їжак", ("добрий день", "їжак")),
        ('an "open phrase', ("an", "open phrase")),
        ("word word", ("word",)),
        ("中", ("中",)),
        ("👍🏽", ("👍🏽",)),
        ("plan b", ("plan", "b")),
        ('"a b"', ("a b",)),
        ("c++ 100%", ("c++", "100%")),
    ],
)
def test_words_and_phrases(typed: str, terms: tuple[str, ...]) -> None:
    assert Query.read(typed).terms == terms


@pytest.mark.parametrize("typed", ["", " ", "a", "a b c", '"', '""', '" "', "ї", "\u200b", "ก", "."])
def test_a_single_letter_finds_too_much_to_be_looked_for(typed: str) -> None:
    with pytest.raises(QueryTooShort):
        Query.read(typed)


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("lo", "Hello, FLO", ["lo", "LO"]),
        ("hello wor", "world? Hello", ["wor", "Hello"]),
        ('"lo, w"', "Hello,  world", ["lo,  w"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("ss", "aß", ["ß"]),
        ("п'ять", "о П’ЯТЬ годин", ["П’ЯТЬ"]),
        ("京", "東京と京都", ["京", "京"]),
        ("ガ", "ｶﾞｯｺｳ", ["ｶﾞ"]),
        ("กิน", "ไปกินข้าว", ["กิน"]),
        ("abc bcd", "abcd", ["abcd"]),
        ("hello there", "hello", []),
    ],
)
def test_highlights_are_places_in_the_text_as_it_is_shown(typed: str, text: str, shown: list[str]) -> None:
    assert [text[start:end] for start, end in Query.read(typed).ranges(text)] == shown


@given(text=mixed, term=mixed)
def test_a_text_is_highlighted_exactly_when_it_holds_all_terms(text: str, term: str) -> None:
    terms = tuple(fold(term).split())
    ranges = Query(terms).ranges(text)
    assert bool(ranges) == (bool(terms) and all(one in fold(text) for one in terms))
    assert all(end < start for (_, end), (start, _) in pairwise(ranges))


def test_a_text_full_of_matches_is_highlighted_at_its_beginning() -> None:
    assert len(Query.read("ab").ranges("ab " * 1000)) == HIGHLIGHTS


@given(
    newest=times(1976, 2200),
    back=st.timedeltas(timedelta(0), timedelta(days=20_000)),
)
def test_every_message_lies_in_one_window_whose_periods_it_has(newest: datetime, back: timedelta) -> None:
    sent_at = max(newest - back, BEGINNING)
    until = newest + timedelta(seconds=1)
    found = []
    for window in windows_before(newest):
        if window.since <= sent_at < until:
            found.append(window)
        assert window.since < until
        until = window.since
    (window,) = found
    assert window.period is None or window.period in periods_of(sent_at)


@given(
    sent_at=times(1970, 2286),
    conversation_id=st.integers(0, 10**18 - 1),
    number=st.integers(0, 10**18 - 1),
)
def test_a_cursor_leads_back_to_its_place(sent_at: datetime, conversation_id: int, number: int) -> None:
    place = Place(sent_at, conversation_id, number)
    assert Place.read(place.written()) == place


@pytest.mark.parametrize("cursor", ["", "1", "1-2", "-1-2-3", "1-2-3-4", "1-2-x", "1" * 17 + "-1-1", "١-٢-٣"])
def test_a_cursor_that_was_never_given_is_refused(cursor: str) -> None:
    with pytest.raises(UnknownCursor):
        Place.read(cursor)


@given(name=anything)
def test_a_token_fits_an_integer_of_postgresql(name: str) -> None:
    assert -(2**31) <= token(name) < 2**31


BEYOND_ALL_SCRIPTS = 0x32000
"""Where Unicode has nothing yet, but for tags, selectors and private use."""


def test_every_character_there_is_folds() -> None:
    """No character breaks the folding of the text around it."""
    for first in range(0, BEYOND_ALL_SCRIPTS, 256):
        block = "".join(chr(one) for one in range(first, first + 256) if not 0xD800 <= one <= 0xDFFF)
        assert fold_with_places(block).text == fold(block)
        assert not re.search(r"\s\s", fold(block))
