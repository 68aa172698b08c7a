"""Every page as a browser shows it: for everybody, on small screens, in both schemes, light, and alone."""

import time

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.browser.pages import ERRORS, NO_PAGES, PAGES
from tests.browser.refusals import REFUSED
from tests.web.test_safety import patterns

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MOST_BYTES = 55_000
MOST_SHIFT = 0.05


def test_every_page_there_is_is_looked_at():
    assert {name.partition(",")[0] for name in PAGES} - ERRORS == set(patterns()) - NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_for_everybody_in_both_schemes_at_320_pixels_and_with_larger_text(visit, site, name):
    one = visit(fresh=True)
    PAGES[name](one, site.world)
    assert one.weight() < MOST_BYTES
    assert one.complaints == []  # nothing of it comes from another machine
    assert one.violations() == []
    shifts = one.shifts()
    assert sum(shift.score for shift in shifts) < MOST_SHIFT, "\n".join(map(str, shifts))
    one.resize(320)
    one.turn("dark")
    assert one.violations() == []
    assert one.overflow() == []
    one.resize(1280)
    one.enlarge(200)
    assert one.overflow() == []


def test_a_page_that_a_button_leads_to_is_measured_with_its_styles_however_late_they_come(visit, site, monkeypatch):
    answer = WhiteNoiseMiddleware.__call__

    def late(server, request):
        time.sleep(0.7 if request.path.endswith(".css") else 0)
        return answer(server, request)

    one = visit(fresh=True)
    monkeypatch.setattr(WhiteNoiseMiddleware, "__call__", late)
    PAGES["bad request"](one, site.world)
    assert one.violations() == []
    assert one.shifts() == []


@pytest.mark.parametrize("name", ["landing", "subscribe", "manage", "help"])
def test_by_keyboard_one_gets_everywhere_and_sees_where_one_is(visit, site, name):
    one = visit()
    PAGES[name](one, site.world)
    reached = one.tab_through()
    assert reached[0].text == "Skip to the page"
    assert [place for place in reached if not place.is_seen] == []
    assert len(reached) >= one.page.locator("a:visible, button:visible, select:visible").count()


@pytest.mark.parametrize("name", REFUSED)
def test_each_line_of_an_error_summary_leads_to_a_field(visit, site, name):
    one = visit()
    PAGES[name](one, site.world)
    assert one.page.title().startswith("Error: ")
    for line in one.page.get_by_role("alert").get_by_role("link").all():
        line.click()
        assert "#" + one.page.evaluate("() => document.activeElement.id") == line.get_attribute("href")


def test_the_skip_link_leads_past_the_head_of_the_page(visit, site):
    page = visit().open("/help")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["preview", "subscribe, refused", "my-alerts"])
def test_in_a_readers_own_few_colours_buttons_have_an_edge_and_the_focus_a_ring(visit, site, name):
    one = visit(forced_colors="active")
    PAGES[name](one, site.world)
    one.settle()
    edges = one.page.locator("main button:visible, main a.button:visible").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).borderTopWidth) > 0)"
    )
    assert edges and all(edges)
    assert [place for place in one.tab_through(30) if not place.is_seen] == []


@pytest.mark.parametrize(("name", "chart"), [("preview", ".chart"), ("my-alerts", ".sparkline")])
def test_in_few_colours_the_bars_have_that_of_the_text(visit, site, name, chart):
    one = visit(forced_colors="active")
    PAGES[name](one, site.world)
    one.settle()
    bar = one.page.locator(f"{chart} .bar").first
    assert bar.evaluate("bar => getComputedStyle(bar).fill === getComputedStyle(document.body).color")
