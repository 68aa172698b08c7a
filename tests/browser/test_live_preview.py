"""The preview while somebody types, and the same without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TYPED = "foghorns"
LISTEN = """() => {
    window.heard = [];
    const live = "[role=status], [role=alert], [role=log], [aria-live]";
    new MutationObserver(changes => {
        for (const {target, addedNodes} of changes) for (const node of addedNodes) {
            const regions = [target.closest(live), ...(node.querySelectorAll?.(live) ?? [])];
            if (node.matches?.(live)) regions.push(node);
            for (const region of regions) if (region) window.heard.push(region.textContent.trim());
        }
    }).observe(document.body, {subtree: true, childList: true});
}"""
"""Writes down in `heard` what stands in any live region that something is put into, and in any that is put in."""


def box(page: Page):
    return page.get_by_label("Words or phrase to follow")


def preview(page: Page):
    return page.locator("#preview")


def test_what_one_types_is_previewed_beneath_and_the_focus_stays(visit, site):
    page = visit().open("/")
    box(page).press_sequentially(TYPED, delay=20)
    expect(preview(page)).to_contain_text("results in the last 90 days")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value(TYPED)
    expect(page).to_have_url(re.compile(rf"/preview\?q={TYPED}$"))
    expect(page).to_have_title(f"{TYPED} – Hark")
    assert page.get_by_role("status").filter(has_text=re.compile(r"^\d+ results in the last 90 days$")).count() == 1


def test_a_word_typed_at_once_is_one_request_and_the_same_word_again_none(visit, site):
    one = visit()
    page = one.open("/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "preview" in request.url else None)
    box(page).press_sequentially(TYPED, delay=20)
    expect(preview(page)).to_contain_text("results in the last 90 days")
    box(page).press("End")
    page.wait_for_timeout(600)
    assert asked == [f"{one.url}/preview?q={TYPED}"]


def test_what_is_swapped_in_is_for_everybody_too_and_reads_the_same_after_a_reload(visit, site):
    one = visit(width=320, scheme="dark")
    page = one.open("/")
    box(page).fill("foghorns or harbour")
    expect(preview(page)).to_contain_text("results in the last 90 days")
    page.wait_for_timeout(300)  # until it has appeared in full
    assert one.violations() == [] and one.overflow() == []
    swapped = re.sub(r"\d+ min ago", "", preview(page).inner_text())
    page.reload()
    assert re.sub(r"\d+ min ago", "", preview(page).inner_text()) == swapped


def test_an_emptied_box_is_the_first_page_again(visit, site):
    page = visit().open(f"/preview?q={TYPED}")
    box(page).fill("")
    expect(preview(page)).to_contain_text("What your words find is shown here.")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_a_mistake_is_pointed_at_under_the_box_and_mended_by_one_press(visit, site):
    page = visit().open("/")
    box(page).press_sequentially('harbour AND "foghorns')
    expect(page.get_by_role("search")).to_contain_text("This quotation mark is never closed")
    line, caret = page.locator(".caret").inner_text().splitlines()
    assert line[caret.index("^")] == '"'
    expect(box(page)).to_have_attribute("aria-invalid", "true")
    expect(box(page)).to_have_accessible_description(re.compile("never closed"))
    page.get_by_role("link", name="Use").click()
    expect(box(page)).to_have_value('harbour AND "foghorns"')
    expect(preview(page)).to_contain_text("in the last 90 days")
    box(page).press("End")
    box(page).press_sequentially(" OR buoys")
    expect(preview(page)).to_contain_text("buoys")
    expect(box(page)).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".caret")).to_have_count(0)


def test_when_the_site_cannot_be_reached_it_says_so_and_keeps_the_words(visit, site):
    one = visit()
    page = one.open("/")
    page.route("**/preview?*", lambda route: route.abort())
    box(page).fill(TYPED)
    expect(page.get_by_text("could not be brought up to date")).to_be_visible()
    expect(box(page)).to_have_value(TYPED)
    page.unroute("**/preview?*")
    box(page).press_sequentially("*")
    expect(preview(page)).to_contain_text("results in the last 90 days")
    expect(page.get_by_text("could not be brought up to date")).to_be_hidden()
    assert one.complaints and all("ERR_FAILED" in line or "htmx" in line for line in one.complaints)
    one.complaints.clear()  # that request was meant to fail


def test_it_appears_in_an_instant_for_whoever_wants_no_motion(visit, site):
    for wish, seconds in (("no-preference", "0.12s"), ("reduce", "0s")):
        page = visit(reduced_motion=wish).open(f"/preview?q={TYPED}")
        first = preview(page).locator(":scope > *").first
        expect(first).to_have_css("transition-duration", seconds)


def test_on_a_phone_buttons_put_signs_where_the_caret_stands(visit, site):
    page = visit(width=375, has_touch=True).open("/")
    box(page).fill("maternity")
    page.get_by_role("button", name="OR").tap()
    expect(box(page)).to_have_value("maternity OR ")
    page.get_by_role("button", name="Quotation marks").tap()
    page.keyboard.type("young people")
    expect(box(page)).to_have_value('maternity OR "young people"')
    box(page).select_text()
    page.get_by_role("button", name="Brackets").tap()
    expect(box(page)).to_have_value('(maternity OR "young people")')
    expect(box(page)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(box(page)).to_have_value('maternity OR "young people"')
    expect(preview(page)).to_contain_text("young people")


def test_a_wide_screen_has_no_such_buttons(visit, site):
    expect(visit().open("/").get_by_role("button", name="Brackets")).to_be_hidden()


def test_without_scripts_the_box_is_a_plain_form(visit, site):
    page = visit(width=375, scripts=False).open("/")
    expect(page.get_by_role("button", name="Brackets")).to_be_hidden()
    box(page).fill('"foghorns')
    box(page).press("Enter")
    expect(box(page)).to_have_value('"foghorns')
    expect(page.get_by_role("search")).to_contain_text("This quotation mark is never closed")
    page.get_by_role("link", name="Use").click()
    expect(preview(page)).to_contain_text("results in the last 90 days")
    expect(page).to_have_url(re.compile(r"/preview\?q=%22foghorns%22$"))


# ---- every page whose preview follows the typing


def words(page: Page):
    """The box of any of these pages."""
    return page.locator("#q")


PAGES = {
    "the first page": lambda site: "/",
    "a preview": lambda site: "/preview?q=harbour",
    "a new alert": lambda site: "/alerts/new",
    "an alert": lambda site: f"/alerts/{site.world.alert.uuid}",
}


@pytest.fixture(params=PAGES)
def opened(request, visit, site) -> Visit:
    """Somebody who is signed in, on one of them."""
    one = visit()
    one.sign_in(site.world.session)
    one.open(PAGES[request.param](site))
    return one


def test_after_each_swap_the_focus_is_where_it_was_and_only_the_count_was_said(opened):
    page = opened.page
    page.evaluate(LISTEN)
    words(page).fill("")
    heard = []
    for typed, said in (
        (TYPED, r"\d+ results in the last 90 days"),
        (f'{TYPED} OR "harb', r"This quotation mark is never closed\. .*"),
        (f'{TYPED} OR "harbour"', r"\d+ results in the last 90 days"),
    ):
        words(page).press("End")
        page.keyboard.insert_text(typed[len(words(page).input_value()) :])
        expect(page.locator("#announced")).to_have_text(re.compile(said))
        page.wait_for_timeout(300)  # until it has settled
        expect(words(page)).to_be_focused()
        expect(words(page)).to_have_value(typed)
        assert page.evaluate("() => document.getElementById('q').selectionStart") == len(typed)
        heard.append(said)
    spoken = [line for line in page.evaluate("() => window.heard") if line]
    assert len(spoken) == len(heard) and all(map(re.fullmatch, heard, spoken)), spoken


def test_whoever_goes_on_while_it_is_looked_up_is_not_taken_back(opened):
    page = opened.page
    words(page).fill("foghorns AND repairs")
    words(page).press("Tab")
    at = page.evaluate("() => (window.at = document.activeElement).outerHTML")
    expect(page.locator("#announced")).to_have_text(re.compile("in the last 90 days"))
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.activeElement === window.at"), at


@pytest.mark.parametrize("where", PAGES)
def test_what_is_swapped_in_anywhere_appears_in_an_instant_for_whoever_wants_no_motion(visit, site, where):
    one = visit(reduced_motion="reduce")
    one.sign_in(site.world.session)
    page = one.open(PAGES[where](site))
    words(page).fill(TYPED)
    expect(page.locator("#announced")).to_have_text(re.compile("in the last 90 days"))
    moving = """() => [...document.querySelectorAll("*")].filter(part => {
        const style = getComputedStyle(part), lasts = times => times.split(",").some(time => parseFloat(time) > 0);
        return lasts(style.transitionDuration) || style.animationName !== "none" && lasts(style.animationDuration);
    }).map(part => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(moving) == []
