"""The styleguide: every component in every state, without the database."""

import copy
import re

import pytest

from alerts.models.choices import Kind
from alerts.web import styleguide
from alerts.web.styleguide_components import components
from config.processes import ROOT

TEMPLATES = ROOT / "templates"
NOT_SHOWN = {
    "alerts/_header.html": "in the page's own head",
    "alerts/_footer.html": "in the page's own foot",
    "accounts/_edit_title.html": "the title of a page",
    "accounts/_finds_now.html": "a page's worth of components",
    "accounts/_look.html": "a button and a count in a sentence",
    "accounts/_now.html": "a count in a sentence",
    "alerts/_announced.html": "nothing one sees",
    "alerts/_live_scripts.html": "nothing one sees",
    "alerts/_named.html": "names in a sentence",
    "alerts/_questioned.html": "nothing one sees",
    "alerts/_preview.html": "a page's worth of components",
    "alerts/_preview_title.html": "the title of a page",
}


@pytest.fixture
def page(client, db) -> str:
    return client.get("/styleguide").content.decode()


def test_it_is_for_everybody_but_for_no_crawler(page):
    assert '<meta name="robots" content="noindex">' in page


def test_every_state_is_shown_and_no_two_parts_share_an_id(page):
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for component in components():
        assert f">{component.name}</h2>" in page
        assert all(f">{state.name}</h3>" in page for state in component.states)


def included(template: str) -> set[str]:
    """A template and all that it is made of."""
    inner = re.findall(r'{% include "([^"]+)"', (TEMPLATES / template).read_text())
    return {template}.union(*map(included, inner))


def test_every_part_of_the_pages_is_shown():
    parts = {
        str(path.relative_to(TEMPLATES)) for room in ("accounts", "alerts") for path in (TEMPLATES / room).glob("_*")
    }
    shown = set().union(*(included(state.template) for component in components() for state in component.states))
    assert parts - shown == set(NOT_SHOWN)


def test_every_colour_is_shown(page):
    tokens = set(re.findall(r"--([a-z-]+): #", (ROOT / "static" / "base.css").read_text()))
    assert tokens == set(re.findall(r'fill="var\(--([a-z-]+)\)"', page))


def test_every_kind_of_development_has_its_tag(page):
    for kind in set(Kind) - {Kind.PUBLISHED, Kind.REVISED}:
        assert f'<span class="tag {kind}">' in page


def test_it_asks_for_nothing_that_its_samples_do_not_have(client, db, settings):
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = "no such name: %s"
    settings.TEMPLATES = templates
    assert re.findall("no such name: .{40}", client.get("/styleguide").content.decode()) == []


def test_states_are_set_apart_with_their_own_ids_groups_and_landmarks():
    one = styleguide.apart('<a href="#q" id="q"></a><input type="radio" id="r" name="often">', "box-1", "Empty")
    assert one == '<a href="#q-box-1" id="q-box-1"></a><input type="radio" id="r-box-1" name="often-box-1">'
    assert styleguide.apart("<p autofocus>", "x", "Empty") == "<p>"
    one = '<form role="search"><form class="a" role="search" aria-label="Much">'
    named = '<form role="search" aria-label="Empty"><form class="a" role="search" aria-label="Much, Empty">'
    assert styleguide.apart(one, "x", "Empty") == named
    assert 'aria-label="Much, Empty"' in styleguide.apart('<section class="a" aria-label="Much">', "x", "Empty")
