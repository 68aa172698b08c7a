"""What the styleguide shows its components with: invented, and never a row of the database."""

import datetime

from alerts.digests import trial
from alerts.digests.failing import Trouble
from alerts.digests.holiday import Holiday, problems
from alerts.digests.trial import Outcome, Trial
from alerts.matching.rhythm import Mails, Week
from alerts.matching.variations import Variation
from alerts.models import SignUp, Subscription
from alerts.models.choices import Frequency
from alerts.query import describe, parse, rules
from alerts.web import controls, frequencies
from alerts.web import reading as read_back
from alerts.web.chart import Chart, chart
from alerts.web.coverage import WRITTEN_QUESTIONS, Coverage
from alerts.web.forms import SubscribeForm
from alerts.web.frequencies import Offer
from alerts.web.hours_form import HoursForm
from alerts.web.meant import question
from alerts.web.narrowing import Row, rows
from alerts.web.outlets import Open
from alerts.web.typed_days import Days
from alerts.web.volume import Volume

DAY = datetime.date(2026, 3, 10)
MOMENT = datetime.datetime(2026, 3, 10, 7, 30, tzinfo=datetime.UTC)
WRONG_CODE = "That is not the code of the newest email"
RULES = {"rules": rules.RULES[:4]}
NOTICES: dict[str, dict[str, object]] = {
    "Plain": {"words": "About 60 results a week. A daily email will be long; try once a week, or narrow it."},
    "Warning": {"kind": "warning", "words": "This would match about 412 items a week. Please narrow it."},
    "Success": {"kind": "success", "words": "You are signed out."},
}
TOKENS = (
    *("paper", "canvas", "ink", "muted", "rule", "border"),
    *("accent", "accent-deep", "on-accent", "visited", "focus", "mark", "on-mark"),
    *("error", "error-wash", "warning", "warning-wash", "success", "success-wash"),
    *("holding", "holding-wash", "corrected", "corrected-wash", "newsletter", "newsletter-wash"),
)


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


def chips(words: str) -> dict[str, object]:
    """The filters of these words, to be taken out."""
    shown = filters(words)["filters"]
    return {"chips": [controls.Chip(one.name, one.label, one.value.capitalize()) for one in shown if one.value]}


def alerts() -> dict[str, dict[str, object]]:
    """Alerts in each state, as a list shows them."""
    named = {"name": "Foghorns", "query": "foghorns OR sirens", "frequency": Frequency.DAILY}
    often, following = "once a day", "tomorrow at 07:30 London time"
    known = {"how_often": often, "next_email": following}
    return {
        "On": {"alert": Subscription(**named), **known},
        "Without a name": {"alert": Subscription(query='"keepers of lamps"', frequency=Frequency.WEEKLY)},
        "Paused": {"alert": Subscription(paused_at=MOMENT, **named)},
        "Paused until a day": {
            "alert": Subscription(paused_at=MOMENT, paused_until=MOMENT + datetime.timedelta(days=9), **named)
        },
        "Paused with all others": {"alert": Subscription(**named), "away": {"until": DAY}, **known},
        "Stopped working": {"alert": Subscription(broken_at=MOMENT, **named)},
    }


def menus() -> dict[str, dict[str, object]]:
    """The menu of an alert, closed and open."""
    usual = {"alert": Subscription(name="Foghorns"), "tomorrow": DAY, "outlets": Open(), "is_open": False}
    past = {"day": (DAY - datetime.timedelta(days=2)).isoformat()}
    opened = {**usual, "is_open": True, "did": ""}
    shared = Open(page="https://hark.example/s/pVbq5n0")
    fed = Open(atom="https://hark.example/f/pVbq5n0.atom", json="https://hark.example/f/pVbq5n0.json")
    return {
        "Closed": usual,
        "Open": opened,
        "A day that is over": opened | {"days": past, "complaint": "Choose a day from tomorrow on, within a year"},
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


def form() -> SubscribeForm:
    """The form as it comes, with words and a name."""
    return SubscribeForm(initial={"q": "foghorns OR sirens", "name": "Foghorns"}, now=MOMENT)


def refused_hours() -> HoursForm:
    """Hours of which two are none that are offered."""
    form = HoursForm({"hour": "07:35", "weekday": "2", "zone": "Atlantic/Nowhere"})
    form.is_valid()
    return form


def meant(typed: str) -> dict[str, object]:
    """The question about an address."""
    return {"question": question({"address": typed}), "problems": {}}


def days_away() -> dict[str, dict[str, object]]:
    """The form for a holiday, as it comes and refused."""
    tomorrow, past = DAY + datetime.timedelta(days=1), DAY - datetime.timedelta(days=2)
    usual = {"today": DAY, "tomorrow": tomorrow, "days": Days(DAY.isoformat()), "problems": {}}
    refused = {"days": Days(past.isoformat(), past.isoformat()), "problems": problems(Holiday(past, past), DAY)}
    return {"As it comes": usual, "Days that are over": usual | refused}


def mistaken() -> dict[str, object]:
    """The words of an alert that cannot be read."""
    words = 'harbour AND "foghorns'
    return {"form": SubscribeForm(initial={"q": words}, now=MOMENT), "mistake": read_back.read(words).mistake}


def holidays() -> dict[str, dict[str, object]]:
    """A holiday that is to come, and one that is on."""
    until = DAY + datetime.timedelta(days=14)
    coming, skipped = Holiday(DAY, until), Holiday(DAY, until, skip=True)
    return {
        "To come": {"holiday": coming, "away": None},
        "On": {"holiday": coming, "away": coming},
        "On, and nothing told of it": {"holiday": skipped, "away": skipped},
    }


def ended() -> list[Subscription]:
    """Alerts that were stopped."""
    return [Subscription(query=words, name=name, ended_at=MOMENT) for words, name in (("foghorns", ""), ("fog", "Fog"))]


def coverages() -> dict[str, dict[str, object]]:
    """What is read, and how that goes."""
    covers = f"{WRITTEN_QUESTIONS}, 12 newsletters"
    return {
        "As ever": {"coverage": Coverage(covers, "Checked 6 minutes ago.")},
        "Out of reach": {
            "coverage": Coverage(covers, "It has been out of reach since 09:10. We keep trying.", troubled=True)
        },
    }
