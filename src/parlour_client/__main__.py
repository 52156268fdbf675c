"""`python -m parlour_client`, or `parlour-chat`: a chat client for the terminal."""

import argparse
import sys
from importlib.util import find_spec

DEFAULT_URL = "http://localhost:8000"
MISSING = "The terminal client needs the extra `terminal`: docs/guide/python-client.md#in-the-terminal says how."


def main() -> int:
    parser = argparse.ArgumentParser(prog="parlour-chat", description="Talk and play at a Parlour, in the terminal.")
    parser.add_argument("url", nargs="?", default=DEFAULT_URL, help=f"where it is ({DEFAULT_URL})")
    url = parser.parse_args().url
    if not url.startswith(("http://", "https://")):
        parser.error("the URL begins with http:// or https://")
    if find_spec("textual") is None:
        print(MISSING, file=sys.stderr)  # noqa: T201  a command's output
        return 1
    from parlour_client.terminal.app import ParlourChat  # noqa: PLC0415  It may not be there to import.

    ParlourChat(url).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
