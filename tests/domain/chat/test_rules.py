"""What may be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.rules import MESSAGE_CHARACTERS, EmptyMessage, MessageTooLong, UnstorableText, message_text


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "\u2028 \u00a0"])
def test_a_message_that_shows_nothing_is_empty(text: str) -> None:
    with pytest.raises(EmptyMessage):
        message_text(text)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "ok \udfff"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(UnstorableText):
        message_text(text)


def test_a_message_may_have_four_thousand_characters_and_no_more() -> None:
    assert message_text("я" * MESSAGE_CHARACTERS)
    with pytest.raises(MessageTooLong):
        message_text("я" * (MESSAGE_CHARACTERS + 1))


@pytest.mark.parametrize("text", ["👩‍👩‍👧", "你好", "สวัสดี", "Привіт", "<script>alert(1)</script>", "a\nb"])
def test_everything_else_is_kept_as_it_was_typed(text: str) -> None:
    assert message_text(f"  {text}\n") == text


@given(st.text())
def test_what_is_accepted_can_be_encoded_and_is_not_blank(text: str) -> None:
    try:
        kept = message_text(text)
    except (EmptyMessage, UnstorableText, MessageTooLong):
        return
    assert kept.encode().decode() == kept == kept.strip() != ""
