"""What the styleguide shows its components with: invented, and never a row of the database."""

import datetime

from alerts.digests import trial
from alerts.digests.failing import Trouble
from alerts.digests.passage import Passage
from alerts.digests.trial import Outcome, Trial
from alerts.matching.rhythm import Mails, Week
from alerts.matching.variations import Variation
from alerts.models import Department, Event, Item, Member, SignUp, Subscription
from alerts.models.choices import Frequency, House, Kind
from alerts.query import describe, highlight, parse, rules
from alerts.query.document import Document
from alerts.web import controls, frequencies
from alerts.web import reading as read_back
from alerts.web.chart import Chart, chart
from alerts.web.forms import SubscribeForm
from alerts.web.frequencies import Offer
from alerts.web.narrowing import Row, rows
from alerts.web.outlets import Open
from alerts.web.results import Result
from alerts.web.volume import Volume

DAY = datetime.date(2026, 3, 10)
MOMENT = datetime.datetime(2026, 3, 10, 7, 30, tzinfo=datetime.UTC)
KINDS = (Kind.TABLED, Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED, Kind.WITHDRAWN)
WRONG_CODE = "That is not the code of the newest email"
RULES = {"rules": rules.RULES[:4]}
NOTICES = (
    ("Plain", "", "About 60 results a week. A daily email will be long; try once a week, or narrow it."),
    ("Warning", "warning", "This would match about 412 items a week. Please narrow it."),
    ("Success", "success", "You are signed out."),
)
TOKENS = (
    *("paper", "canvas", "ink", "muted", "rule", "border"),
    *("accent", "accent-deep", "on-accent", "visited", "focus", "mark", "on-mark"),
    *("error", "error-wash", "warning", "warning-wash", "success", "success-wash"),
    *("holding", "holding-wash", "corrected", "corrected-wash", "newsletter", "newsletter-wash"),
)
_ASKED = "How many foghorns were repaired in the last twelve months."
_ANSWER = "In the last twelve months 41 foghorns fell silent, of which 37 were repaired within four weeks."
_TITLE = "Foghorns: Repairs"


CITATION = "Ada Fenwick, “Foghorns: Repairs”, Commons written question 20001, tabled on 10 March 2026."


def typed(words: str) -> dict[str, object]:
    """The search box with these words."""
    return {"typed": words, "reading": read_back.read(words)}


def reading(words: str, results: int = 0, advised: int | None = None) -> dict[str, object]:
    """How these words are read, with the advice there is."""
    query = parse(words)
    advice = next(iter(query.advice), None)
    tally = {"total": f"{results} results"}
    return {"restatement": describe(query), "advice": advice, "tally": tally, "advised_results": advised}


def count(total: str, made_of: str, lately: str, over: bool = False) -> dict[str, object]:
    """The number of results, and what is said of it."""
    return {"tally": {"total": total, "made_of": made_of}, "lately": lately, "found": {"over": over}}


def weeks(recess: bool = False) -> Chart | None:
    """Thirteen weeks; three of them of recess."""
    results = (2, 3, 1, 5, 2, 0, 0, 3, 2, 6, 3, 2, 1)
    first = DAY - datetime.timedelta(days=7 * len(results) - 1)
    begins = [first + datetime.timedelta(days=7 * number) for number in range(len(results))]
    pauses = [recess and number in (5, 6, 7) for number in range(len(results))]
    return chart([Week(*week) for week in zip(begins, results, pauses, strict=True)])


def troubles() -> dict[str, dict[str, object]]:
    """An address that bounces, with what has become of its last test."""
    trouble = Trouble("s…e@example.org", MOMENT - datetime.timedelta(days=5), for_good=True)
    again = MOMENT + trial.APART
    given = {
        "Not tested": (None, True),
        "Tested": (Trial(MOMENT, Outcome.UNDER_WAY, again, is_reported=True), False),
        "Tested, where nobody reports": (Trial(MOMENT, Outcome.UNDER_WAY, again, is_reported=False), False),
        "The test failed": (Trial(MOMENT, Outcome.FAILED, again, is_reported=True), False),
        "Nothing heard of it": (Trial(MOMENT, Outcome.UNHEARD, again, is_reported=True), True),
    }
    return {
        name: {"trouble": trouble, "trial": tested, "may_test": may_test, "role": ""}
        for name, (tested, may_test) in given.items()
    }


def offers(a_week: float | None) -> list[Offer]:
    """The frequencies of an alert that finds so much."""
    return frequencies.offers(None if a_week is None else Volume(a_week, Mails(min(a_week, 90), min(a_week, 5), 1)))


def narrowings() -> list[Row]:
    """Narrower and wider searches."""
    found = (
        ("where", "heading and question", "where", 14),
        ("department", "Department for Lighthouses", "dept:lighthouses", 9),
        ("house", "Commons", "house:commons", 20),
        ("house", "Lords", "house:lords", 3),
    )
    tree = parse("foghorns").tree
    return rows(Variation(kind, label, f"foghorns {words}", tree, number) for kind, label, words, number in found)


def filters(words: str) -> dict[str, object]:
    """The filters of these words."""
    known = {"source": ("The Lamp Room",), "dept": ("Lighthouses", "Transport"), "asked": ("Ada Fenwick", "Tom Perrin")}
    shown = controls.shown(parse(words), {name: [(one.lower(), one) for one in known[name]] for name in known})
    return {"filters": shown, "filters_chosen": controls.count(shown), "typed": words, "form_id": "search-form"}


def event(kind: str = Kind.ANSWERED, **fields) -> Event:
    """Something that happened to a question."""
    usual = {"heading": _TITLE, "question": _ASKED, "answer": _ANSWER, "department": Department(name="Lighthouses")}
    return Event(kind=kind, happened_on=DAY, **(usual | fields))


def results() -> dict[str, Result]:
    """Results of each sort."""
    ada = Member(name="Ada Fenwick", party_abbreviation="Ind", member_from="Sandholm East")
    tom = Member(name="Tom Perrin", party_abbreviation="Coast", member_from="Wickby")
    heading, asked = _marked(_TITLE), ("Asked", _marked(_ASKED))
    answer = ("Answer", _marked(_ANSWER))
    usual = {"item": Item(house=House.COMMONS), "url": "#", "heading": heading, "matched": "foghorns in heading"}
    return {
        "Tabled": Result(event(Kind.TABLED), passages=(asked,), askers=(ada,), **usual),
        "Answered": Result(event(), passages=(asked, answer), askers=(ada,), **usual),
        "In the answer only": Result(
            event(),
            passages=(("Asked", Passage.of("What was repaired.")), answer),
            askers=(tom,),
            answer_only=True,
            **usual | {"heading": Passage.of("Harbours"), "matched": "foghorns in answer"},
        ),
        "Questions with one answer": Result(
            event(), passages=(asked, asked, answer), askers=(ada, tom), questions=5, more=3, **usual
        ),
        "Newsletter": Result(
            event(Kind.PUBLISHED),
            passages=(("", _marked("Keepers met again, and spoke of foghorns for an hour.")),),
            sources="The Lamp Room",
            original="https://lamproom.example/12",
            host="lamproom.example",
            **usual | {"matched": "foghorns in title"},
        ),
    }


def _marked(text: str) -> Passage:
    spans = highlight(parse("foghorns").tree, Document.from_zones(text=text))
    return Passage.of(text, spans["text"])


def alerts() -> dict[str, dict[str, object]]:
    """Alerts in each state, as a list shows them."""
    named = {"name": "Foghorns", "query": "foghorns OR sirens", "frequency": Frequency.DAILY}
    often, following = "once a day, at 07:30 London time", "tomorrow at 07:30 London time"
    known = {"how_often": often, "next_email": following}
    return {
        "On": {"alert": Subscription(**named), **known},
        "Without a name": {"alert": Subscription(query='"keepers of lamps"', frequency=Frequency.WEEKLY)},
        "Paused": {"alert": Subscription(paused_at=MOMENT, **named)},
        "Paused with all others": {"alert": Subscription(**named), "away": {"until": DAY}, **known},
        "Stopped working": {"alert": Subscription(broken_at=MOMENT, **named)},
    }


def menus() -> dict[str, dict[str, object]]:
    """The menu of an alert, closed and open."""
    usual = {"alert": Subscription(name="Foghorns"), "tomorrow": DAY, "outlets": Open(), "is_open": False}
    opened = {**usual, "is_open": True, "did": ""}
    shared = Open(page="https://hark.example/s/pVbq5n0")
    fed = Open(atom="https://hark.example/f/pVbq5n0.atom", json="https://hark.example/f/pVbq5n0.json")
    return {
        "Closed": usual,
        "Open": opened,
        "Just shared": opened | {"outlets": shared, "did": "Whoever has this address can read the page"},
        "With a feed": opened | {"outlets": fed},
    }


def last_step(moved: bool = False, others: int = 0) -> dict[str, object]:
    """What the confirm page shows."""
    sign_up = SignUp(name="Foghorns", query="foghorns OR sirens")
    return {"sign_up": sign_up, "how_often": "once a day, at 07:30 London time", "moved": moved, "others": others}


def refused_form() -> SubscribeForm:
    """The form that was sent with nothing in it."""
    form = SubscribeForm({}, now=MOMENT)
    form.is_valid()
    return form
