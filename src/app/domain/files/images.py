"""Images, made anew from their pixels: whatever else their bytes held is gone. It runs in a process of its own.

Decoders are where hostile files do harm. So one runs apart from the API (see `services/pictures.py`), with bounds to
its memory, may crash or be killed, and cannot hold anybody's event loop.
"""

import os
import resource
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import GifImagePlugin, Image, ImageCms, ImageSequence
from PIL.Image import Transpose

from app.domain.files.rules import IMAGE_PIXELS, THUMBNAIL_SIDE, ImageRefused, ImageTooLarge

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
ANIMATED = frozenset({"GIF", "WEBP", "AVIF"})

MEMORY_BYTES = 2 * 1024**3
"""Of the process's address space: a picture of the largest size three times, and the libraries."""
OUT_OF_MEMORY = Path("/proc/self/oom_score_adj")
FIRST_TO_GO = "1000"
"""proc(5). Of a container whose memory is used up the kernel ends one process: this one, and not the API's own."""
NICENESS = 10
"""Whoever waits for a picture can wait; whoever chats should not."""

ORIENTATION = 0x0112
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""How a camera was held (Exif 2.3, 4.6.4), and how to turn its picture upright."""

Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
# Frames that share a palette keep it, instead of being drawn in full colour and reduced again.
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY

COLOURED = frozenset({"L", "RGB", "RGBA", "CMYK"})
"""The modes in which a colour profile can be applied."""


class Picture(NamedTuple):
    content: bytes
    thumbnail: bytes
    """WebP, the first frame, at most THUMBNAIL_SIDE on either side."""
    width: int
    height: int


def develop(content: bytes, media_type: str) -> Picture:
    """Decode as this type and no other, turn upright, take to sRGB, encode again in the same format.

    Raises ImageTooLarge, or ImageRefused for whatever a decoder stumbles over.
    """
    kind = FORMATS[media_type]
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(BytesIO(content), formats=[kind]) as image,
        ):
            moving = animation(image) if frames_of(image) > 1 and kind in ANIMATED else None
            tables = getattr(image, "quantization", None)
            first = plain(image)
        del image  # What its decoder holds is as much as the picture itself.
        return Picture(moving or still(first, kind, tables), thumbnail(first), first.width, first.height)
    except (ImageTooLarge, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageTooLarge from error
    except Exception as error:
        # Pillow raises OSError, SyntaxError, ValueError, struct.error, MemoryError and more for broken files.
        raise ImageRefused from error


def develop_apart(content: bytes, media_type: str) -> Picture:
    """`develop`, for a process that does nothing else."""
    confine()
    return develop(content, media_type)


@cache
def confine() -> None:
    """Once in the life of the process."""
    os.nice(NICENESS)
    with suppress(ValueError, OSError):  # macOS knows the limit and does not let it be set.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with suppress(OSError):  # Linux alone has it.
        OUT_OF_MEMORY.write_text(FIRST_TO_GO)


def frames_of(image: Image.Image) -> int:
    """How many there are, without decoding them. Raises ImageTooLarge."""
    frames: int = getattr(image, "n_frames", 1)
    if image.width * image.height * frames > IMAGE_PIXELS:
        raise ImageTooLarge
    return frames


def plain(image: Image.Image) -> Image.Image:
    """The pixels alone, upright, in sRGB, at most eight bits a channel."""
    turn = None
    with suppress(Exception):  # EXIF that cannot be read is not worth a picture.
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    profile = image.info.get("icc_profile")
    transparency = image.info.get("transparency")
    image.load()
    bare = image.transpose(turn) if turn else image
    bare.info = {} if transparency is None else {"transparency": transparency}
    if bare.mode.startswith("I"):  # 16 or 32 bits of grey, which Pillow would cut off instead of scaling down.
        return bare.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if profile and bare.mode in COLOURED:
        bare = in_srgb(bare, profile)
    return bare.convert("RGB") if bare.mode == "CMYK" else bare


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """As it looks with its colour profile, which is dropped with the other metadata."""
    with suppress(ImageCms.PyCMSError, OSError):
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
        if converted is not None:
            converted.info.pop("icc_profile", None)
            return converted
    return image


def still(bare: Image.Image, kind: str, tables: Mapping[int, Sequence[int]] | None) -> bytes:
    """A JPEG with the tables that it came with, so that it neither loses nor grows much."""
    options: dict[str, Any] = {"WEBP": {"quality": 90, "method": 2}, "AVIF": {"speed": 9}}.get(kind, {})
    if kind == "JPEG":
        options = {"qtables": tables} if tables and len(tables) <= len(bare.getbands()) else {"quality": 90}
    encoded = BytesIO()
    bare.save(encoded, kind, **options)
    return encoded.getvalue()


def animation(image: Image.Image) -> bytes:
    """Frame by frame, back at the first in the end. What is not named here would be copied from the original."""
    durations = [duration_of(frame) for frame in ImageSequence.Iterator(image)]
    image.seek(0)
    options: dict[str, Any] = {"icc_profile": None, "exif": b"", "xmp": b"", "loop": image.info.get("loop", 0)}
    options |= {"duration": durations, "quality": 85}
    encoded = BytesIO()
    match image.format:
        case "GIF":
            image.save(encoded, "GIF", save_all=True, comment=b"")
        case "WEBP":
            image.save(encoded, "WEBP", save_all=True, method=2, **options)
        case "AVIF":
            image.save(encoded, "AVIF", save_all=True, speed=9, **options)
    image.seek(0)
    return encoded.getvalue()


def duration_of(frame: Image.Image) -> int:
    """In milliseconds. WebP and AVIF tell it when the frame is decoded."""
    frame.load()
    return int(frame.info.get("duration", 0))


def thumbnail(first: Image.Image) -> bytes:
    small = first.convert("RGBA" if first.has_transparency_data else "RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    encoded = BytesIO()
    small.save(encoded, "WEBP", quality=80)
    return encoded.getvalue()
