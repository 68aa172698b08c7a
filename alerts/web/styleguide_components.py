"""The components that the pages are made of, each in every state, with the template that the pages have for it.

Those of forms stand beside, in `styleguide_forms`.
"""

from alerts.web import styleguide_results as found
from alerts.web import styleguide_samples as samples
from alerts.web.pagination import pagination
from alerts.web.styleguide_forms import of_answers, of_forms
from alerts.web.styleguide_states import Component, State, each


def components() -> list[Component]:
    """In the order of a page."""
    return [
        Component("Skip link", "Past the head of the page: press Tab here."),
        Component("Header", "Where one is, and the way to help in the same place on every page: see above."),
        *_of_a_search(),
        *_of_narrowing(),
        *_of_results(),
        *_of_an_item(),
        *_of_digests(),
        *_of_alerts(),
        *of_forms(),
        *of_answers(),
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
    ]


def _of_narrowing() -> list[Component]:
    return [
        Component(
            "Chip",
            "A narrower or wider search, one press away; or a filter of a search, out of it by a press.",
            (
                State("In rows", "alerts/_narrowings.html", {"narrowings": samples.narrowings()}),
                State("To take out", "alerts/_chips.html", samples.chips("foghorns house:lords dept:transport")),
            ),
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
        Component(
            "Result",
            "Heading, status, who, and the words around the match.",
            each("alerts/_result.html", found.results()),
        ),
        Component(
            "Snippet",
            "The words around a match, not those at the beginning.",
            each("alerts/_passage.html", found.snippets()),
        ),
        Component(
            "Status tag",
            "What happened, in words, never by colour alone.",
            each("alerts/_event_status.html", found.tags()),
            "meta",
        ),
        Component(
            "Status of a question",
            "What happened to it last, and when.",
            each("alerts/_status.html", found.statuses()),
            "meta",
        ),
    ]


def _of_an_item() -> list[Component]:
    return [
        Component(
            "Correction",
            "Words taken out and words put in, said as well as marked.",
            (State("Of a number", "alerts/_difference.html", found.correction()),),
        ),
        Component(
            "Marks",
            "Which words are marked, and the way to have it otherwise.",
            each("alerts/_marked.html", found.marks()),
        ),
        Component(
            "Citation",
            "How to cite; with scripts, a button copies it.",
            (State("Of a question", "alerts/_citation.html", {"citation": found.CITATION}),),
        ),
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


def _of_digests() -> list[Component]:
    results = tuple(
        State(name, "alerts/_digest_newsletter.html" if name == "Newsletter" else "alerts/_digest_result.html", given)
        for name, given in found.of_digests().items()
    )
    return [
        Component("Result of a digest", "With all of the answer that an email has room for.", results),
        Component(
            "Why-line",
            "Why a result is there, and where to say that it should not be.",
            each("alerts/_why.html", found.whys()),
        ),
        Component(
            "Choices of a digest", "A part of it instead of all.", each("alerts/_digest_choices.html", found.choices())
        ),
    ]


def _of_alerts() -> list[Component]:
    return [
        Component("Alert row", "One alert in a list.", each("alerts/_alert.html", samples.alerts()), "alert"),
        Component("Menu", "What is wanted less often, one press away.", each("accounts/_menu.html", samples.menus())),
        Component("Stopped alerts", "The way back.", (State("Two", "alerts/_ended.html", {"ended": samples.ended()}),)),
        Component("Holiday", "That no emails come, until when.", each("alerts/_holiday.html", samples.holidays())),
        Component(
            "Address that fails",
            "Why no emails come, and what can be done about it.",
            each("accounts/_trouble.html", samples.troubles()),
        ),
        Component(
            "Fresh link",
            "What stands under a link that has expired.",
            (
                State("To ask for", "alerts/_fresh_link.html"),
                State("Asked for", "alerts/_fresh_link.html", {"sent": True}),
            ),
        ),
        Component(
            "Coverage",
            "What is read, and how that goes.",
            each("alerts/_coverage.html", samples.coverages()),
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
        State("Many", "alerts/_count.html", samples.count("23 results", " (31 questions)", "9 in the last 30 days")),
        State("One", "alerts/_count.html", samples.count("1 result", "", "it came in the last 30 days")),
        State("None", "alerts/_count.html", samples.count("0 results", "", "")),
        State("Not read to the end", "alerts/_count.html", samples.count("1,200 results", "", "", over=True)),
    )


def _paginations() -> tuple[State, ...]:
    return tuple(
        State(name, "alerts/_pagination.html", {"pagination": pagination(number, pages, lambda page: f"?page={page}")})
        for name, number, pages in (("First of two", 1, 2), ("In the middle of many", 12, 40), ("Last", 40, 40))
    )
