"""What a file may be called, and how a browser is told (RFC 6266). A name is for people; nothing is stored under it."""

import re
import unicodedata
from pathlib import PurePath
from urllib.parse import quote

from app.domain.files.media_types import IMAGE_SUFFIXES
from app.domain.files.rules import NAME_CHARACTERS

NAMELESS = "file"

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of text: with them `exe.gpj` is shown as `jpg.exe` read backwards."""

ATTRIBUTE_CHARACTERS = "!#$&+^`|~"
"""What a parameter's extended value may hold as it is, beside letters, digits and what `quote` spares (RFC 8187)."""


def display_name(given: str, media_type: str) -> str:
    """The last part of a path, without anything invisible; never empty. An image's name ends as its type does."""
    last = re.split(r"[/\\]", given)[-1]
    visible = "".join(one for one in last if unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"})
    name = re.sub(r"[\s.]+$", "", "".join(one for one in visible if one not in TURNING).lstrip()) or NAMELESS
    endings = IMAGE_SUFFIXES.get(media_type, ())
    if endings and PurePath(name).suffix.lower() not in endings:
        name = f"{PurePath(name).stem}{endings[0]}"
    return shortened(name)


def shortened(name: str) -> str:
    """Within the limit, with its ending if that is one."""
    ending = PurePath(name).suffix
    if len(name) <= NAME_CHARACTERS or len(ending) >= NAME_CHARACTERS // 2:
        return name[:NAME_CHARACTERS]
    return name[: NAME_CHARACTERS - len(ending)] + ending


def disposition(name: str, *, inline: bool) -> str:
    """The value of Content-Disposition: the name in ASCII for old clients, and in full."""
    plain = name.encode("ascii", "replace").decode().translate({ord('"'): "_", ord("\\"): "_", ord("%"): "_"})
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=ATTRIBUTE_CHARACTERS)}"
