"""Filters, chosen in a browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_filter_is_chosen_typed_into_the_box_and_taken_back(visit, site, scripts):
    page = visit(scripts=scripts).open("/preview?q=foghorns")
    page.locator(".filters summary").click()
    page.get_by_label("House").select_option("Lords")
    page.get_by_role("button", name="Apply filters").click()
    box = page.get_by_label("Words or phrase to follow")
    expect(box).to_have_value("foghorns house:lords")
    expect(page.get_by_label("House")).to_have_value("lords")
    page.get_by_label("House").select_option("Any")
    page.get_by_role("button", name="Preview").click()
    expect(box).to_have_value("foghorns")


@pytest.mark.parametrize("scripts", [True, False])
def test_words_typed_since_are_kept_when_a_filter_is_applied(visit, site, scripts):
    page = visit(scripts=scripts).open("/preview?q=foghorns house:commons")
    box = page.get_by_label("Words or phrase to follow")
    box.fill("harbour")
    if scripts:
        page.get_by_role("heading", name="Little Wick Harbour").wait_for()
        page.locator(".filters summary").click()
    page.get_by_label("Type").select_option("Written questions")
    page.get_by_role("button", name="Apply filters").click()
    expect(box).to_have_value("harbour type:question")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_filter_is_carried_to_the_form_for_an_alert_and_taken_out_there(visit, site, scripts):
    one = visit(width=320, scripts=scripts)
    page = one.open("/preview?q=foghorns house:lords type:question")
    page.get_by_role("link", name="Get this as an alert").first.click()
    page.get_by_label("Email address").fill("somebody@example.org")
    page.get_by_label("Once a week").check()
    if scripts:
        assert one.violations() == []
    assert one.overflow() == []
    page.get_by_role("button", name="Take out House: Lords").click()
    expect(page.get_by_label("You will follow")).to_have_value("foghorns type:question")
    expect(page.get_by_role("list", name="Filters").get_by_role("button")).to_have_count(1)
    expect(page.get_by_label("Email address")).to_have_value("somebody@example.org")
    expect(page.get_by_label("Once a week")).to_be_checked()
    expect(page).not_to_have_title(re.compile("Error"))
