"""What is written in the place of a message, and is none: a line that begins with a slash."""

import re
from dataclasses import dataclass
from pathlib import Path

PATH_AND_REST = re.compile(r"""(?:"([^"]+)"|'([^']+)'|((?:\\.|\S)+))\s*(.*)""", re.DOTALL)
"""In quotes, or with a backslash before each blank, as terminals paste a file that is dropped on them."""


class NoCommand(Exception):
    """Such a line, and what is wrong with it."""


@dataclass
class LogOut:
    pass


@dataclass
class SendFile:
    file: Path
    caption: str


@dataclass
class Save:
    message_id: int
    directory: Path


Command = LogOut | SendFile | Save


def command_in(line: str) -> Command | str:
    """Or the message that it is, which begins with two slashes when it has to begin with one. Raises NoCommand."""
    if not line.startswith("/"):
        return line
    if line.startswith("//"):
        return line[1:]
    name, _, rest = line[1:].partition(" ")
    match name:
        case "file":
            return _sending(rest.strip())
        case "save":
            return _saving(rest.strip())
        case "logout" if not rest.strip():
            return LogOut()
    raise NoCommand("There are /file, /save and /logout. A message that begins with a slash is written with two.")


def _sending(given: str) -> SendFile:
    if not (found := PATH_AND_REST.fullmatch(given)):
        raise NoCommand("/file PATH, and what you have to say about it")
    *quoted, bare, caption = found.groups()
    file = Path(next(filter(None, quoted), None) or re.sub(r"\\(.)", r"\1", bare)).expanduser()
    if not file.is_file():
        raise NoCommand(f"There is no file {file}.")
    return SendFile(file, caption)


def _saving(given: str) -> Save:
    number, _, directory = given.partition(" ")
    if not number.isdecimal():
        raise NoCommand("/save and the number beside the file, and a directory if it is not to be this one")
    where = Path(directory.strip() or ".").expanduser()
    if not where.is_dir():
        raise NoCommand(f"There is no directory {where}.")
    return Save(int(number), where)
