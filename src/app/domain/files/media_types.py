"""What a file is, by its content. The client's word and the name count for nothing, except to refuse a disguise."""

from pathlib import PurePath

HEAD_BYTES = 64
"""How much of a file tells its type."""

TEXT = "text/plain"

IMAGE_SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/avif": (".avif",),
}
"""The images there are, each with the endings of its name; the first is the usual one."""

IMAGE_CLAIMS = frozenset(
    {ending for endings in IMAGE_SUFFIXES.values() for ending in endings}
    | {".svg", ".svgz", ".bmp", ".ico", ".tif", ".tiff", ".heic", ".heif", ".jxl", ".jp2", ".apng"}
)

MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso4": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"M4V ": "video/mp4",
    b"dash": "video/mp4",
}
"""The major brand of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
EBML = b"\x1a\x45\xdf\xa3"


def media_type_of(head: bytes, *, text: bool) -> str | None:
    """By the first `HEAD_BYTES`; `text` says whether all of it is UTF-8 without NUL. None for what is not taken."""
    for magic, media_type in MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12])
    if head.startswith(EBML):
        return "video/webm" if b"webm" in head else None
    return TEXT if text else None


def is_image(media_type: str | None) -> bool:
    return media_type in IMAGE_SUFFIXES


def claims_to_be_an_image(name: str) -> bool:
    return PurePath(name).suffix.lower() in IMAGE_CLAIMS
