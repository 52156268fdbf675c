import unicodedata
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.accounts.rules import (
    FOR_EVER,
    LONGEST_SUSPENSION,
    PASSWORD_MAX_LENGTH,
    EmailRefused,
    PasswordRefused,
    StaffRole,
    UntilRefused,
    UsernameRefused,
    check_email,
    check_password,
    check_until,
    check_username,
    may_answer_again,
    normal_password,
    outranks,
    suspended,
)

NAME = st.from_regex(r"[A-Za-z0-9_.-]{3,30}", fullmatch=True)
ODD = "zebra-lamp-77"


def password(text: str, *, username: str = "alice", email: str | None = "alice@example.com") -> str:
    return check_password(text, username=username, email=email, min_length=8)


@given(NAME)
def test_a_username_of_the_allowed_characters_is_kept_as_given(name: str) -> None:
    assert check_username(name) == name


@given(st.text(max_size=40))
def test_any_other_text_is_refused_as_a_username(text: str) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
    assume(not (3 <= len(text) <= 30 and set(text) <= allowed))
    with pytest.raises(UsernameRefused):
        check_username(text)


@pytest.mark.parametrize("name", ["alice\n", "ali ce", "al", "a" * 31, "alіce", "alice@example", "ali\0ce", ""])  # noqa: RUF001  one is Cyrillic
def test_look_alikes_blanks_and_wrong_lengths_are_refused_as_usernames(name: str) -> None:
    with pytest.raises(UsernameRefused):
        check_username(name)


@pytest.mark.parametrize(
    "email",
    [
        "a@b.co",
        "john@example.com",
        "first.last+tag@sub.example.co.uk",
        "олена@пошта.укр",
        "o'neil@example.ie",
        "x_y@a-b.de",
    ],
)
def test_addresses_in_use_are_accepted(email: str) -> None:
    assert check_email(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "", "@", "a@", "@b.co", "a@b", "a b@c.de", "a@b..co", "a@-b.co", "a@b-.co", ".a@b.co", "a.@b.co", "a..b@c.de",
        "a@[1.2.3.4]", "a@b.co\n", "a\r\nBcc: all@b.co@c.de", "a@b@c.de", "a\0@b.co", "<a@b.co>", "a,b@c.de",
        "a@1.2.3.4", "a" * 65 + "@b.co", "a@" + "b" * 64 + ".co", "a@" + "b." * 130 + "co",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(EmailRefused):
        check_email(email)


@given(st.text(max_size=300))
def test_an_address_is_refused_or_safe_in_a_mail_header(text: str) -> None:
    try:
        email = check_email(text)
    except EmailRefused:
        return
    assert len(email) <= 254
    assert email.count("@") == 1
    assert email.isprintable()
    assert not set(email) & set(' <>,;:"\\')


def test_checking_an_address_takes_no_longer_for_a_spiteful_one() -> None:
    start = perf_counter()
    for spiteful in ["a." * 100_000 + "@b", "a@" + "b." * 100_000, "a@" + "-" * 200_000, "@" * 200_000]:
        with pytest.raises(EmailRefused):
            check_email(spiteful)
    assert perf_counter() - start < 1


@pytest.mark.parametrize("documented", ["secret1234", "SecurePass123!"])
def test_the_passwords_of_the_documents_are_accepted(documented: str) -> None:
    assert password(documented) == documented


def test_a_password_counts_its_composed_characters() -> None:
    decomposed = unicodedata.normalize("NFD", "éàüöñçêå")
    assert len(decomposed) == 16
    assert len(password(decomposed)) == 8
    with pytest.raises(PasswordRefused, match="at least 8"):
        password(decomposed[:-2])


def test_a_password_may_have_256_characters_and_no_more() -> None:
    longest = (ODD * 20)[:PASSWORD_MAX_LENGTH]
    assert password(longest) == longest
    with pytest.raises(PasswordRefused, match="at most 256"):
        password(longest + "x")
    with pytest.raises(PasswordRefused, match="at most 256"):
        password("ﷺ" * 20)  # Each is 18 characters in normal form.


@pytest.mark.parametrize("own", ["Alice.Liddell", "alice@example.com", "ALICE@EXAMPLE.COM", "rabbithole"])
def test_ones_own_name_is_no_password(own: str) -> None:
    with pytest.raises(PasswordRefused, match="name or email"):
        password(own, username="alice.liddell", email="alice@example.com" if "@" in own else "rabbithole@example.com")


def test_a_password_of_blanks_and_punctuation_is_a_matter_of_taste() -> None:
    assert password("mind the gap, please")


@pytest.mark.parametrize("common", ["password", "Password1", "P@ssw0rd!", "qwertyuiop", "12345678", "iloveyou"])
def test_the_commonest_are_refused(common: str) -> None:
    with pytest.raises(PasswordRefused, match="commonest"):
        password(common)


@given(st.text(min_size=1, max_size=60))
def test_the_same_password_typed_on_another_keyboard_is_the_same(text: str) -> None:
    assert normal_password(unicodedata.normalize("NFD", text)) == normal_password(unicodedata.normalize("NFC", text))


def test_a_used_refresh_token_is_answered_again_only_to_its_device_at_once_and_before_its_successor_was_used() -> None:
    assert may_answer_again(seconds_since_use=10, same_device=True, successor_used=False)
    assert not may_answer_again(seconds_since_use=10.1, same_device=True, successor_used=False)
    assert not may_answer_again(seconds_since_use=1, same_device=False, successor_used=False)
    assert not may_answer_again(seconds_since_use=1, same_device=True, successor_used=True)


@given(st.sampled_from(StaffRole), st.sampled_from(StaffRole))
def test_of_two_roles_one_outranks_the_other_unless_they_are_the_same(one: StaffRole, other: StaffRole) -> None:
    assert outranks(one, other) + outranks(other, one) == (one != other)
    assert outranks(one, StaffRole.NONE) == (one != StaffRole.NONE)


@given(st.datetimes(timezones=st.timezones()))
def test_a_suspension_ends_in_the_next_hundred_years_or_never(until: datetime) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    if now < until <= now + LONGEST_SUSPENSION:
        check_until(until, now)
    else:
        with pytest.raises(UntilRefused):
            check_until(until, now)
    check_until(FOR_EVER, now)


def test_who_is_suspended_reads_until_when_and_why() -> None:
    until = datetime(2026, 11, 20, 14, 30, 59, 999_999, tzinfo=UTC)
    assert suspended(until, "Spam").detail == (
        "This account is suspended until 2026-11-20T14:30:59Z. The reason given: Spam"
    )
    assert suspended(FOR_EVER, "Spam").detail == "This account is suspended for good. The reason given: Spam"
    assert datetime.now(UTC) + timedelta(days=365_000) < FOR_EVER
