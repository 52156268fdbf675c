"""Asking a server that does not always answer as it should."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app.dealer import server as asking
from app.dealer.server import Server
from app.dealer.trouble import Trouble

Answer = tuple[int, bytes, dict[str, str]]
LOG = b'{"log": "x", "size": 1, "key": "k", "checkpoint": "c"}'


@contextmanager
def answering(*answers: Answer) -> Iterator[str]:
    """One after the other."""
    left = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = next(left)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
        thread.join()


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    with answering((429, b"", {"Retry-After": "0"}), (503, b"", {"Retry-After": "0"}), (200, LOG, {})) as url:
        assert Server(url).log().size == 1


def test_but_not_for_ever() -> None:
    with answering(*[(429, b"", {"Retry-After": "0"})] * 3) as url, pytest.raises(Trouble, match="429"):
        Server(url).log()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, b'{"detail": "There is no such lottery."}', {}), "404, There is no such lottery."),
        ((502, b"<html>", {}), "502, Bad Gateway"),
        ((200, b"{", {}), "cannot be read"),
        ((200, b'{"size": "many"}', {}), "cannot be read"),
        ((200, b"\xff", {}), "cannot be read"),
        ((200, b'{"si', {"Content-Length": "99"}), "cannot be read"),
    ],
)
def test_a_bad_answer_is_told_in_a_sentence(answer: Answer, said: str) -> None:
    with answering(answer) as url, pytest.raises(Trouble, match=said):
        Server(url).log()


def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ANSWER_BYTES", 10)
    with answering((200, LOG, {})) as url, pytest.raises(Trouble, match="too large"):
        Server(url).log()


def test_a_server_that_is_away_is_named() -> None:
    with pytest.raises(Trouble, match=r"http://127\.0\.0\.1:9 does not answer"):
        Server("http://127.0.0.1:9").log()


@pytest.mark.parametrize("url", ["parlour.example.org", "file:///etc/passwd", "ftp://parlour.example.org"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(Trouble, match="https://"):
        Server(url)


def test_a_log_that_ends_before_its_size_is_trouble() -> None:
    with answering((200, b'{"records": []}', {})) as url, pytest.raises(Trouble, match="no record 5"):
        list(Server(url).records(5, 9))
