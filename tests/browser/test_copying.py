"""Copying a citation."""

import pytest

from alerts.digests import links

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("permissions", [["clipboard-read", "clipboard-write"], []])
def test_the_citation_is_copied_by_its_button_and_that_is_said(visit, site, permissions):
    page = visit(permissions=permissions).open(links.item_path(site.world.answered))
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    if permissions:
        assert page.evaluate("() => navigator.clipboard.readText()") == page.locator("#citation").inner_text()


def test_without_scripts_there_is_no_button_and_one_press_selects_it(visit, site):
    page = visit(scripts=False).open(links.item_path(site.world.answered))
    assert page.get_by_role("button", name="Copy citation").count() == 0
    assert "written question 20002" in page.locator("#citation").inner_text()
