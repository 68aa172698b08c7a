"""A picture of every page in every state, wide and narrow, light and dark, for people to look at them all.

`HARK_TEST_SHOTS=folder ./run test tests/browser/gallery.py` writes them; no run collects this file unless it is named.
"""

import os
import re
from pathlib import Path

import pytest

from tests.browser.pages import PAGES

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WIDTHS = (1280, 375)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where the pictures go."""
    if not os.environ.get("HARK_TEST_SHOTS"):
        pytest.fail("Name a folder for the pictures: HARK_TEST_SHOTS=/tmp/shots ./run test tests/browser/gallery.py")
    return Path(os.environ["HARK_TEST_SHOTS"]).expanduser()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sits_for_its_pictures(visit, site, folder, name):
    one = visit(reduced_motion="reduce")
    PAGES[name](one, site.world)
    one.settle()
    for width in WIDTHS:
        one.resize(width)
        for scheme in SCHEMES:
            one.turn(scheme)
            picture = folder / f"{width}-{scheme}" / f"{re.sub(r'[^a-z0-9]+', '-', name)}.png"
            one.page.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 1_000
