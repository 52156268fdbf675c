"""What a file is, by its content."""

import pytest
from tests.domain.files.samples import HTML, PDF, SVG, ZIP, encoded, film, gradient

from app.domain.files.media_types import HEAD_BYTES, claims_to_be_an_image, is_image, media_type_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (encoded(gradient(), "JPEG"), "image/jpeg"),
        (encoded(gradient(), "PNG"), "image/png"),
        (encoded(gradient(), "GIF"), "image/gif"),
        (encoded(gradient(), "WEBP"), "image/webp"),
        (encoded(gradient(), "AVIF"), "image/avif"),
        (film("AVIF", 10, 10), "image/avif"),
        (PDF, "application/pdf"),
        (ZIP, "application/zip"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"Dear diary,\n", "text/plain"),
        (SVG, "text/plain"),
        (HTML, "text/plain"),
    ],
)
def test_a_file_is_known_by_how_it_begins(content: bytes, media_type: str) -> None:
    assert media_type_of(content[:HEAD_BYTES], text=True) == media_type
    assert is_image(media_type) == media_type.startswith("image/")


@pytest.mark.parametrize(
    "head",
    [
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\x00",
        b"\xca\xfe\xba\xbe",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\x00\x00\x00\x18ftypheic",
        b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x23\x42\x86\x81\x01\x42\xf7\x81\x01matroska",
        b"II*\x00",
        b"",
    ],
)
def test_whatever_else_it_may_be_is_not_taken(head: bytes) -> None:
    assert media_type_of(head, text=False) is None


@pytest.mark.parametrize(("name", "claims"), [("a.PNG", True), ("a.svg", True), ("png", False), ("a.png.txt", False)])
def test_a_name_may_claim_to_be_an_images(name: str, claims: bool) -> None:
    assert claims_to_be_an_image(name) is claims
