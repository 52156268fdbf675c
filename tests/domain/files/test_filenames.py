"""What a file may be called."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.files.filenames import TURNING, display_name, disposition
from app.domain.files.rules import NAME_CHARACTERS


@pytest.mark.parametrize(
    ("given_name", "media_type", "shown"),
    [
        ("report.pdf", "application/pdf", "report.pdf"),
        ("../../etc/passwd", "text/plain", "passwd"),
        ("C:\\Users\\ada\\cat.png", "image/png", "cat.png"),
        ("", "text/plain", "file"),
        ("...", "text/plain", "file"),
        ("\u00a0 ", "text/plain", "file"),
        (".gitignore", "text/plain", ".gitignore"),
        ("звіт за рік.docx", "application/zip", "звіт за рік.docx"),
        ("a\r\nSet-Cookie: x=y.txt", "text/plain", "aSet-Cookie: x=y.txt"),
        ("photo\u202egpj.exe", "application/zip", "photogpj.exe"),
        ("cat.html", "image/png", "cat.png"),
        ("cat.JPEG", "image/jpeg", "cat.JPEG"),
        ("cat", "image/webp", "cat.webp"),
        ("", "image/gif", "file.gif"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_one_that_can_be_shown(given_name: str, media_type: str, shown: str) -> None:
    assert display_name(given_name, media_type) == shown


@given(st.text(max_size=300), st.sampled_from(["image/png", "text/plain"]))
def test_no_name_hides_anything_or_is_too_long(given_name: str, media_type: str) -> None:
    shown = display_name(given_name, media_type)
    assert 0 < len(shown) <= NAME_CHARACTERS
    assert not TURNING & set(shown)
    assert not {"Cc", "Cs"} & {unicodedata.category(one) for one in shown}
    assert "/" not in shown
    assert shown.lower().endswith(".png") or media_type != "image/png"


@given(st.text(max_size=100).map(lambda given_name: display_name(given_name, "text/plain")))
def test_a_browser_reads_the_name_that_was_meant(name: str) -> None:
    header = disposition(name, inline=False)
    assert header.isascii()
    assert header.startswith("attachment; ")
    assert unquote(header.partition("; filename*=UTF-8''")[2]) == name
