"""The words of an alert: what they find while somebody edits them, and that nothing is saved unseen."""

import re

import pytest
from playwright.sync_api import Page, expect

from alerts.models import Subscription
from tests.browser.visit import Visit

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def box(page: Page):
    return page.get_by_label("You will follow")


def edited(site) -> str:
    return f"/alerts/{site.world.alert.uuid}"


def editor(visit, site, path: str = "", **wishes) -> Visit:
    one = visit(**wishes)
    one.sign_in(site.world.session)
    one.open(path or edited(site))
    return one


def settled(page: Page, said: str = "results? in the last 90 days") -> None:
    """Until what was typed last was looked up and has settled."""
    expect(page.locator("#announced")).to_have_text(re.compile(said))
    expect(page.locator("#seen")).to_have_value(box(page).input_value())


def test_an_edit_shows_what_the_new_words_find_and_what_each_frequency_means(visit, site):
    one = editor(visit, site, "/alerts/new", width=320)
    page = one.page
    box(page).press_sequentially("foghorns", delay=20)
    settled(page)
    expect(page.get_by_role("heading", name="What it finds")).to_be_visible()
    expect(page.locator("#now")).to_have_text(re.compile(r"^Now: \d+ results in 90 days$"))
    expect(page.get_by_role("group", name="How often?")).to_contain_text("about 4 emails a month")
    expect(page).to_have_url(re.compile(r"/alerts/new\?q=foghorns$"))
    page.wait_for_timeout(300)
    assert one.violations() == [] and one.overflow() == []
    box(page).fill("")
    expect(page.get_by_text("What your words find is shown here.")).to_be_visible()
    expect(page.get_by_role("group", name="How often?")).not_to_contain_text("about")


def test_what_else_was_typed_and_chosen_stays_while_the_preview_follows(visit, site):
    page = editor(visit, site).page
    page.get_by_label("Name").fill("Horns of fog")
    page.get_by_label("Once a week").check()
    page.get_by_label("corrected").uncheck()
    box(page).fill("foghorns")
    settled(page)
    expect(page.get_by_label("Name")).to_have_value("Horns of fog")
    expect(page.get_by_label("Once a week")).to_be_checked()
    expect(page.get_by_label("corrected")).not_to_be_checked()


def test_a_frequency_that_cannot_be_had_of_the_new_words_is_closed_and_opened_again(visit, site):
    page = editor(visit, site).page
    at_once = page.get_by_label("As it happens")
    box(page).fill("buoy")
    settled(page)
    expect(at_once).to_be_disabled()
    expect(page.get_by_role("group", name="How often?")).to_contain_text("would mean emails all day")
    box(page).fill("foghorns")
    settled(page)
    expect(at_once).to_be_enabled()


def test_a_mistake_in_an_alert_is_pointed_at_and_its_repair_keeps_all_else(visit, site):
    page = editor(visit, site).page
    page.get_by_label("Name").fill("Horns of fog")
    placed = box(page).bounding_box()
    box(page).fill('harbour AND "foghorns')
    settled(page, "never closed")
    expect(page).to_have_title(re.compile("^Error: "))
    assert box(page).bounding_box() == placed, "the box does not move under the fingers"
    expect(box(page)).to_have_attribute("aria-invalid", "true")
    expect(box(page)).to_have_accessible_description(re.compile("never closed"))
    page.get_by_role("button", name="Use").click()
    expect(box(page)).to_have_value('harbour AND "foghorns"')
    expect(page.get_by_label("Name")).to_have_value("Horns of fog")
    box(page).press("End")
    box(page).press_sequentially(" OR buoys")
    settled(page)
    expect(box(page)).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field.wrong")).to_have_count(0)


def test_words_typed_after_the_last_preview_are_not_saved_unseen(visit, site):
    """Whatever the page believes, the server compares; here its preview cannot follow."""
    one = editor(visit, site)
    page = one.page
    before = Subscription.objects.get(pk=site.world.alert.pk).query
    box(page).fill("lamps")
    settled(page, "0 results")
    is_live = re.compile(r"/alerts/.*lamps\+OR|/alerts/.*lamps%20OR")
    page.route(is_live, lambda route: route.abort())
    box(page).fill("lamps OR foghorns")
    expect(page.get_by_text("press See what it finds.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    assert Subscription.objects.get(pk=site.world.alert.pk).query == before
    page.unroute(is_live)
    box(page).fill("foghorns")
    settled(page)
    expect(page.get_by_text("Nothing is saved yet.")).to_have_count(0)
    one.complaints.clear()  # that request was meant to fail


def test_words_typed_when_the_session_is_over_stay_and_come_along_to_signing_in(visit, site):
    one = editor(visit, site)
    page = one.page
    one.end_session()
    box(page).fill("foghorns AND repairs")
    expect(page.get_by_text("press See what it finds.")).to_be_visible()
    expect(box(page)).to_have_value("foghorns AND repairs")
    page.get_by_role("button", name="See what it finds", exact=True).click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    one.complaints.clear()  # that request was meant to fail


def test_a_copy_stays_a_copy_while_one_types_and_after_a_reload(visit, site):
    page = editor(visit, site, f"/alerts/new?from={site.world.alert.uuid}").page
    expect(page.get_by_label("Name")).to_have_value("Foghorns (copy)")
    box(page).fill("harbour")
    settled(page)
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("Foghorns (copy)")
    expect(box(page)).to_have_value("harbour")
