"""An archive in bounded memory is a ZIP like any other."""

import io
import secrets
import zipfile
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.mydata.rules import CHUNK_BYTES
from app.domain.mydata.services.archive import Archive

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
files = st.dictionaries(st.text("abcé/.", min_size=1, max_size=8), st.lists(st.binary(max_size=300), max_size=4))


@settings(max_examples=50, deadline=None)
@given(files)
def test_whatever_goes_in_comes_out(contents: dict[str, list[bytes]]) -> None:
    archive, pieces = Archive(NOW), []
    for name, parts in contents.items():
        for part in [b"", *parts]:
            archive.write(name, part)
            pieces += archive.take()
    archive.close()
    pieces += archive.take(rest=True)

    assert archive.size == sum(map(len, pieces))
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            name: b"".join(parts) for name, parts in contents.items()
        }


def test_no_piece_is_larger_than_its_size_and_little_stays_behind() -> None:
    archive = Archive(NOW)
    pieces: list[bytes] = []
    for _ in range(50):
        archive.write("noise", secrets.token_bytes(100_000))
        pieces += archive.take()
    archive.close()
    pieces += archive.take(rest=True)

    assert len(pieces) > 4
    assert [len(piece) for piece in pieces[:-1]] == [CHUNK_BYTES] * (len(pieces) - 1)
    assert 0 < len(pieces[-1]) <= CHUNK_BYTES
