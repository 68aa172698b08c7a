"""No log line holds a signed link or an address."""

import io
import logging

import pytest
import structlog

from config.logs import LOGGING

TOKEN = "8d6e3f0a1111422283334444555566667777aaaabbbbccccdddd"


@pytest.fixture
def written():
    """What a handler set up like ours writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    line = LOGGING["formatters"]["line"]
    options = {key: value for key, value in line.items() if key != "()"}
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**options))
    logger = logging.getLogger()
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


@pytest.mark.parametrize("page", ["confirm", "sign-in", "m", "n", "c", "u", "d", "undo", "stay", "address"])
def test_a_signed_link_is_cut_out_of_a_foreign_line(written, page):
    for token in (TOKEN, TOKEN[:14]):
        logging.getLogger("django.request").warning("Not Found: %s", f"/{page}/{token}")
    assert TOKEN[:14] not in written.getvalue()
    assert f"/{page}/(token)" in written.getvalue()


def test_an_address_is_cut_out_of_our_own_line_and_of_an_exception(written):
    try:
        raise ValueError("550 no such user <ana.keller@example.org>")
    except ValueError:
        structlog.get_logger().exception("refused", to="ana.keller@example.org")
    assert "ana.keller" not in written.getvalue()
    assert "refused" in written.getvalue()
