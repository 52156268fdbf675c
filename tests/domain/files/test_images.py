"""Images are made anew from their pixels."""

from typing import Any

import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo
from tests.domain.files.samples import HTML, PDF, SCRIPT, SECRET, SVG, bomb, encoded, film, gradient, opened, photo

from app.domain.files.images import FORMATS, develop
from app.domain.files.rules import ImageRefused, ImageTooLarge

MEDIA_TYPES = {kind: media_type for media_type, kind in FORMATS.items()}


@pytest.mark.parametrize("kind", FORMATS.values())
def test_an_image_keeps_its_format_and_its_looks(kind: str) -> None:
    picture = develop(encoded(gradient(), kind), MEDIA_TYPES[kind])
    made = opened(picture.content)
    assert (made.format, made.size) == (kind, (400, 200)) == (kind, (picture.width, picture.height))
    above, below = (made.convert("L").getpixel((200, y)) for y in (10, 190))
    assert isinstance(above, int)
    assert isinstance(below, int)
    assert above < 40
    assert below > 215


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_where_it_was_taken_is_told_to_nobody(kind: str) -> None:
    xmp: dict[str, Any] = {"xmp": SECRET.encode()} if kind != "PNG" else {}
    taken = photo(kind, **xmp)
    assert SECRET.encode() in taken
    picture = develop(taken, MEDIA_TYPES[kind])
    for made in (picture.content, picture.thumbnail):
        assert SECRET.encode() not in made
        assert not opened(made).getexif()


def test_comments_go_too() -> None:
    note = PngInfo()
    note.add_text("Comment", SECRET)
    for content, media_type in (
        (encoded(gradient(), "JPEG", comment=SECRET.encode()), "image/jpeg"),
        (encoded(gradient(), "GIF", comment=SECRET.encode()), "image/gif"),
        (film("GIF", 50, 50, comment=SECRET.encode()), "image/gif"),
        (encoded(gradient(), "PNG", pnginfo=note), "image/png"),
    ):
        assert SECRET.encode() in content
        assert SECRET.encode() not in develop(content, media_type).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_camera_that_was_held_on_its_side_is_turned_upright(kind: str) -> None:
    picture = develop(photo(kind, orientation=6), MEDIA_TYPES[kind])
    assert (picture.width, picture.height) == opened(picture.content).size == (200, 400)
    assert opened(picture.thumbnail).size == (160, 320)
    # Its upper edge, which was dark, is the right one now.
    left, right = (opened(picture.content).convert("L").getpixel((x, 200)) for x in (5, 195))
    assert isinstance(left, int)
    assert isinstance(right, int)
    assert left > 200
    assert right < 50


def test_a_colour_profile_is_applied_and_dropped() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (profile, srgb, b"no profile at all"):
        made = opened(develop(encoded(gradient(), "JPEG", icc_profile=given), "image/jpeg").content)
        assert "icc_profile" not in made.info
        assert made.mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_shown(mode: str) -> None:
    image = Image.new("I;16", (30, 20), 40_000) if mode == "I;16" else gradient(30, 20).convert(mode)
    picture = develop(encoded(image, "PNG"), "image/png")
    assert opened(picture.content).size == opened(picture.thumbnail).size == (30, 20)
    if mode == "I;16":
        assert opened(picture.content).getpixel((3, 3)) == 40_000 // 256


def test_a_printers_jpeg_becomes_one_for_screens() -> None:
    made = opened(develop(encoded(gradient().convert("CMYK"), "JPEG"), "image/jpeg").content)
    assert made.mode == "RGB"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF"])
def test_a_moving_picture_keeps_moving(kind: str) -> None:
    made = opened(develop(film(kind, 50, 100, 150), MEDIA_TYPES[kind]).content)
    durations = []
    for frame in ImageSequence.Iterator(made):
        frame.load()
        durations.append(frame.info["duration"])
    assert durations == [50, 100, 150]


def test_what_stands_behind_a_picture_is_left_behind() -> None:
    for content, media_type in ((encoded(gradient(), "JPEG"), "image/jpeg"), (encoded(gradient(), "PNG"), "image/png")):
        assert SCRIPT not in develop(content + b"PK\x03\x04" + SCRIPT, media_type).content


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        PDF,
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + SCRIPT,
        encoded(gradient(), "PNG")[:-200],
        encoded(gradient(), "JPEG"),
        b"GIF89a" + HTML,
        bomb(100, 100),
    ],
)
def test_what_only_poses_as_a_png_is_refused(content: bytes) -> None:
    with pytest.raises(ImageRefused):
        develop(content, "image/png")


@pytest.mark.parametrize(("width", "height"), [(7072, 7072), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(ImageTooLarge):
        develop(bomb(width, height), "image/png")


def test_the_frames_of_an_animation_count_together() -> None:
    frames = [Image.new("P", (4000, 4000), place) for place in range(4)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(ImageTooLarge):
        develop(content, "image/gif")
