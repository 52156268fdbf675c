"""Files to upload: honest ones, and others."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from zlib import compress, crc32

from PIL import Image

SECRET = "52.5163N-13.3777E"
"""What nobody is to learn from a picture."""

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ZIP = b"PK\x03\x04" + bytes(60)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
SCRIPT = b"<script>alert(document.cookie)</script>"


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401  any encoder's options
    into = BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def gradient(width: int = 400, height: int = 200) -> Image.Image:
    """Dark above, bright below."""
    grey = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", [grey, grey, grey])


def photo(kind: str = "JPEG", *, orientation: int = 1, **options: Any) -> bytes:  # noqa: ANN401  any encoder's options
    """As a camera takes it, which tells where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET
    return encoded(gradient(), kind, exif=exif, **options)


def film(kind: str, *durations: int, **options: Any) -> bytes:  # noqa: ANN401  any encoder's options
    frames = [Image.new("RGB", (60, 40), (90 * place % 256, 255 - 20 * place, 7)) for place in range(len(durations))]
    return encoded(
        frames[0], kind, save_all=True, append_images=frames[1:], duration=list(durations), loop=0, **options
    )


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says how large it is, in 57 bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + crc32(name + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


async def in_pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
