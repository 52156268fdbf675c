"""The TCP port, bound once by the supervisor and shared by its API processes."""

import errno
import socket

BACKLOG = 2048
"""Connections that may wait while an API process starts again."""


class PortTaken(RuntimeError):
    pass


def listen(host: str, port: int) -> socket.socket:
    """Port 0 takes a free one. Raises PortTaken, and OSError for an address that is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"Port {port} on {host} is taken; choose another with --port.") from error
        raise
    listener.set_inheritable(True)
    return listener
