"""The styleguide: every component that the pages are made of, in every state, from the pages' own templates."""

import re
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from alerts.web import styleguide_samples as samples
from alerts.web.pagination import pagination

_IDS = re.compile(r'\b(id|for|list|aria-describedby|aria-labelledby)="([^"]+)"')
_TO_IDS = re.compile(r'(href="#|url\(#)([\w-]+)')
_RADIOS = re.compile(r'(<input type="radio"[^>]* name=")([\w-]+)')
_LANDMARK = re.compile(r'(<(?:section|nav)\b[^>]* aria-label="[^"]+)"')


@dataclass(frozen=True)
class State:
    """A component as it is in one situation: the template and what it is given."""

    name: str
    template: str
    given: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Component:
    """A part that pages are made of, what it is for, and its states; none where this page has it itself."""

    name: str
    purpose: str
    states: tuple[State, ...] = ()


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components, each state with what it looks like."""
    shown = [(component, list(_states(request, component))) for component in _components()]
    return render(request, "styleguide.html", {"components": shown, "tokens": samples.TOKENS})


def _states(request: HttpRequest, component: Component):
    for number, state in enumerate(component.states, start=1):
        html = render_to_string(state.template, state.given, request)
        yield state.name, apart(html, f"{component.name} {number}".lower().replace(" ", "-"), state.name)


def apart(html: str, mark: str, name: str) -> SafeString:
    """The same with ids, groups of radio buttons and landmarks of its own, for many states stand on one page."""
    html = _IDS.sub(lambda found: f'{found[1]}="{" ".join(f"{one}-{mark}" for one in found[2].split())}"', html)
    html = _RADIOS.sub(rf"\1\2-{mark}", _TO_IDS.sub(rf"\1\2-{mark}", html))
    html = _LANDMARK.sub(rf'\1, {name}"', html).replace('role="search"', f'role="search" aria-label="{name}"')
    return mark_safe(html.replace(" autofocus", ""))


def _components() -> list[Component]:
    """In the order of a page."""
    return [
        Component("Skip link", "Past the head of the page: press Tab here."),
        Component("Header", "Where one is, and the way to help in the same place on every page: see above."),
        *_of_a_search(),
        *_of_results(),
        *_of_forms(),
        Component("Footer", "Who stands behind the site: see below."),
    ]


def _of_a_search() -> list[Component]:
    return [
        Component("Search box", "One box; what is wrong with the words stands under it, at its place.", _boxes()),
        Component(
            "Interpretation line",
            "How the words are read, and what they may have been meant to be.",
            (
                State("As typed", "alerts/_reading.html", samples.reading("maternity AND (safety OR inequalities)")),
                State("With words ignored", "alerts/_reading.html", samples.reading("the cost of foghorns")),
                State("With advice", "alerts/_reading.html", samples.reading("foghorns or harbour")),
                State("With both counts", "alerts/_reading.html", samples.reading("young people", 41, 12)),
            ),
        ),
        Component("Stat", "How many results, and what they are made of.", _counts()),
        Component(
            "Sparkline",
            "Results week by week, in a sentence and as a table too.",
            (
                State("Without recess", "alerts/_chart.html", {"chart": samples.weeks()}),
                State("With weeks of recess", "alerts/_chart.html", {"chart": samples.weeks(recess=True)}),
                State("Beside an alert", "accounts/_sparkline.html", {"chart": samples.weeks()}),
            ),
        ),
        Component(
            "Emails a week",
            "What each frequency would mean.",
            (
                State("Usual", "alerts/_emails.html", {"offers": samples.offers(4)}),
                State("Too much at once", "alerts/_emails.html", {"offers": samples.offers(120)}),
            ),
        ),
        Component(
            "Chip",
            "A narrower or wider search, one press away.",
            (State("In rows", "alerts/_narrowings.html", {"narrowings": samples.narrowings()}),),
        ),
        Component(
            "Filters",
            "Fields of a search, chosen instead of typed.",
            (
                State("Nothing chosen", "alerts/_filters.html", samples.filters("foghorns")),
                State("Chosen", "alerts/_filters.html", samples.filters("foghorns house:lords dept:transport")),
                State("Typed otherwise", "alerts/_filters.html", samples.filters("foghorns NOT house:lords")),
            ),
        ),
        Component("Pagination", "The ways from one page of a list to the others.", _paginations()),
    ]


def _of_results() -> list[Component]:
    return [
        Component("Result", "Heading, status, who, and the words around the match.", _results()),
        Component(
            "Status tag",
            "What happened, in words, never by colour alone.",
            tuple(
                State(kind.label.capitalize(), "alerts/_event_status.html", {"event": samples.event(kind)})
                for kind in samples.KINDS
            ),
        ),
        Component(
            "Citation",
            "How to cite; with scripts, a button copies it.",
            (State("Of a question", "alerts/_citation.html", {"citation": samples.CITATION}),),
        ),
        Component("Alert row", "One alert in a list.", _alerts()),
        Component("Menu", "What is wanted less often, one press away.", _menus()),
        Component("Table", "Rows with a head.", (State("The language", "alerts/_rules.html", samples.RULES),)),
        Component(
            "Empty state",
            "What to do where there is nothing.",
            (
                State("Never", "alerts/_nothing.html"),
                State("Long ago", "alerts/_nothing.html", {"found": {"last_day": samples.DAY}}),
            ),
        ),
    ]


def _of_forms() -> list[Component]:
    return [
        Component("Frequency picker", "How often, with what it means.", _pickers()),
        Component(
            "Error summary",
            "What has to be mended, each with the way to its field.",
            (
                State("One field", "alerts/_problem.html", {"at": "code", "said": samples.WRONG_CODE}),
                State("A whole form", "alerts/_problem.html", {"form": samples.refused_form()}),
            ),
        ),
        Component("Notice", "A sentence or two that stand out.", _notices()),
        Component("Address that fails", "Why no emails come, and what can be done about it.", _troubles()),
        Component(
            "Confirm page",
            "The one press that confirms.",
            (
                State("First alert", "alerts/_last_step.html", samples.last_step()),
                State("Moves others", "alerts/_last_step.html", samples.last_step(moved=True, others=2)),
            ),
        ),
        Component(
            "Code input",
            "The six digits of an email.",
            (
                State("Empty", "alerts/_code.html"),
                State("Wrong", "alerts/_code.html", {"problem": samples.WRONG_CODE}),
            ),
        ),
    ]


def _boxes() -> tuple[State, ...]:
    return (
        State("Empty", "alerts/_search.html", samples.typed("")),
        State("With words", "alerts/_search.html", samples.typed("maternity OR neonatal")),
        State("A quotation mark not closed", "alerts/_search.html", samples.typed('cancer AND "young people')),
        State("A bracket without partner", "alerts/_search.html", samples.typed("maternity AND safety)")),
        State("Nothing that must be present", "alerts/_search.html", samples.typed("NOT cancer")),
        State("Helpers of a phone", "alerts/_helpers.html"),
    )


def _counts() -> tuple[State, ...]:
    return (
        State("Many", "alerts/_count.html", samples.count("23 results", " (31 questions)", "9, in the last 30 days")),
        State("One", "alerts/_count.html", samples.count("1 result", "", "in the last 30 days")),
        State("None", "alerts/_count.html", samples.count("0 results", "", "")),
        State("Not read to the end", "alerts/_count.html", samples.count("1,200 results", "", "", over=True)),
    )


def _results() -> tuple[State, ...]:
    return tuple(State(name, "alerts/_result.html", {"result": result}) for name, result in samples.results().items())


def _paginations() -> tuple[State, ...]:
    return tuple(
        State(name, "alerts/_pagination.html", {"pagination": pagination(number, pages, lambda page: f"?page={page}")})
        for name, number, pages in (("First of two", 1, 2), ("In the middle of many", 12, 40), ("Last", 40, 40))
    )


def _pickers() -> tuple[State, ...]:
    return tuple(
        State(name, "alerts/_offers.html", {"offers": samples.offers(a_week), "chosen": "daily", "prefix": "often"})
        for name, a_week in (("Nothing known", None), ("Usual", 4), ("Long", 60), ("Too much at once", 120))
    )


def _troubles() -> tuple[State, ...]:
    return tuple(State(name, "accounts/_trouble.html", given) for name, given in samples.troubles().items())


def _notices() -> tuple[State, ...]:
    return tuple(
        State(name, "alerts/_notice.html", {"kind": kind, "words": words}) for name, kind, words in samples.NOTICES
    )


def _menus() -> tuple[State, ...]:
    return tuple(State(name, "accounts/_menu.html", given) for name, given in samples.menus().items())


def _alerts() -> tuple[State, ...]:
    return tuple(State(name, "alerts/_alert.html", given) for name, given in samples.alerts().items())
