"""`python -m parlour_client`, before anything is drawn."""

import os
import subprocess
import sys

import pytest

from parlour_client import __main__ as command


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["parlour-chat"])
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert command.main() == 1
    assert "the extra `terminal`" in capsys.readouterr().err


def test_what_is_no_address_is_refused() -> None:
    run = [sys.executable, "-m", "parlour_client", "localhost:8000"]
    result = subprocess.run(run, capture_output=True, text=True, check=False, timeout=30, env=dict(os.environ))  # noqa: S603  our own command
    assert result.returncode == 2
    assert "begins with http://" in result.stderr


def test_the_client_itself_does_not_need_textual() -> None:
    blocked = "import sys; sys.modules['textual'] = None; import parlour_client; print(parlour_client.Client.__name__)"
    result = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", blocked], capture_output=True, text=True, check=False, timeout=30, env=dict(os.environ)
    )
    assert result.stdout == "Client\n"
