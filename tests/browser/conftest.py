"""A real browser, a real server, and rows behind its pages.

For the pages as they stand there is `site`: rows made once for a module, whose tests only look. A story in which
something happens asks for `live`, whose tables are emptied after each test. Either is opened with `visit`.
"""

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.test.testcases import LiveServerThread

from config.chromium import find_chromium
from tests.browser import world
from tests.browser.visit import Visit

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000
"""Milliseconds after which the browser says that something does not happen."""


class Site:
    """A server of this test's own, with the site as production serves it: middleware, policies, compressed."""

    def __init__(self):
        # The site's own middleware serves the files; Django's shortcuts for tests would answer past it.
        self._thread = LiveServerThread("localhost", static_handler=lambda shortcut: shortcut.application)
        self._thread.daemon = True
        self._thread.start()
        self._thread.is_ready.wait()
        if self._thread.error:
            raise self._thread.error
        self.url = f"http://localhost:{self._thread.port}"

    def close(self):
        self._thread.terminate()


@pytest.fixture(scope="package")
def chromium(monkeypatch_package):
    """Chromium, started once; ended with the last test here, so that no other test has its event loop around it."""
    from playwright.sync_api import sync_playwright

    program = find_chromium()
    if not program:
        pytest.skip("needs Chromium: on Debian `apt install chromium`, or start ./run test as root")
    monkeypatch_package.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()  # those made while the loop ran are not found again after it


@pytest.fixture(scope="package")
def monkeypatch_package():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The site with the fictional coast behind it (`site.world`), for tests that look and change next to nothing.

    They carry the mark `django_db`, by which the test database is there.
    """
    with django_db_blocker.unblock(), override_settings(OUTBOX=tmp_path_factory.mktemp("outbox")):
        server = Site()
        server.world = world.build()
        yield server
        server.close()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def live(transactional_db):
    """The site with no rows but those that the test makes."""
    server = Site()
    yield server
    server.close()


@pytest.fixture
def visit(chromium, request):
    """A function that opens the site as somebody new: `visit(width=320, scheme="dark", scripts=False)`.

    Whatever the visitors' consoles complained of, and whatever they asked of other machines, fails the test at its end.
    """
    visits = []
    server = request.getfixturevalue("live" if "live" in request.fixturenames else "site")

    def begin(**wishes) -> Visit:
        visits.append(Visit(chromium, server.url, PATIENCE, **wishes))
        return visits[-1]

    yield begin
    for one in visits:
        one.close()
    assert [line for one in visits for line in one.complaints] == []
