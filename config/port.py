"""The address on this machine at which the site is open."""

import http.client
import socket

from config.binaries import ServerError

NEIGHBOURS = 20
"""So many ports after the wanted one are tried before any free one is taken."""


def listen(wanted):
    """A listening socket at the wanted port, or at the next free one; raises ServerError where it is not allowed."""
    for port in [*range(wanted, min(wanted + NEIGHBOURS, 65535) + 1), 0]:
        if port and _answers_elsewhere(port):
            continue
        try:
            return _bind(port)
        except PermissionError:
            raise ServerError(f"Only root may open port {port}. Choose one above 1023, as in --port 8000.") from None
        except OSError:
            continue
    raise ServerError("No port is free on this machine.")


def free_port():
    """A port that is free now."""
    with _bind(0) as line:
        return line.getsockname()[1]


def _bind(port):
    line = socket.socket()
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(("127.0.0.1", port))
        line.listen(128)
    except OSError:
        line.close()
        raise
    return line


def _answers_elsewhere(port):
    """Whether somebody has this port at the other address that `localhost` may mean."""
    try:
        with socket.create_connection(("::1", port), timeout=0.2):
            return True
    except OSError:
        return False


def status(port):
    """The HTTP status of the front page, or None while nothing answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()
