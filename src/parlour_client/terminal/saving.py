"""Where a file of somebody else's is put: where one says, and over nothing that is there."""

from itertools import count
from pathlib import Path


def place_for(name: str, directory: Path) -> Path:
    """`name` is what the server says: it may have no say in the directory, nor hide the file."""
    own = Path(Path(name.replace("\\", "/")).name.lstrip(".") or "file")
    tried = (own.name if n == 1 else f"{own.stem} ({n}){own.suffix}" for n in count(1))
    return next(place for place in (directory / one for one in tried) if not place.exists())
