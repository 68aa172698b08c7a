"""The results that the styleguide shows, of searches and of digests: invented, and never rows of the database."""

import datetime
from functools import cache

from alerts.digests.arrange import place
from alerts.digests.facts import Fact, Told
from alerts.digests.page import Choice
from alerts.digests.passage import Passage
from alerts.digests.results import naming
from alerts.digests.samples import values
from alerts.models import Department, Event, Item, Member
from alerts.models.choices import House, Kind
from alerts.query import highlight, parse
from alerts.query.document import Document
from alerts.web.differences import difference
from alerts.web.results import Result

DAY = datetime.date(2026, 3, 10)
KINDS = (Kind.TABLED, Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED, Kind.WITHDRAWN)
_ASKED = "How many foghorns were repaired in the last twelve months."
_ANSWER = "In the last twelve months 41 foghorns fell silent, of which 37 were repaired within four weeks."
_TITLE = "Foghorns: Repairs"
CITATION = "Ada Fenwick, “Foghorns: Repairs”, Commons written question 20001, tabled on 10 March 2026."


def event(kind: str = Kind.ANSWERED, **fields) -> Event:
    """Something that happened to a question."""
    usual = {"heading": _TITLE, "question": _ASKED, "answer": _ANSWER, "department": Department(name="Lighthouses")}
    return Event(kind=kind, happened_on=DAY, **(usual | fields))


def tags() -> dict[str, dict[str, object]]:
    """What happened, of each kind."""
    return {kind.label.capitalize(): {"event": event(kind)} for kind in KINDS}


def results() -> dict[str, dict[str, object]]:
    """Results of each sort."""
    return {name: {"result": result} for name, result in _results().items()}


def _results() -> dict[str, Result]:
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


def snippets() -> dict[str, dict[str, object]]:
    """The words around a match, whole or cut."""
    answer = _marked(_ANSWER)
    said = {
        "The whole text": answer,
        "Cut at both ends": answer.piece(_ANSWER.index("twelve"), _ANSWER.index(" were")),
        "Without a match": Passage.of(_ASKED),
    }
    return {name: {"passage": passage} for name, passage in said.items()}


def statuses() -> dict[str, dict[str, object]]:
    """A question in each state."""
    usual = {"tabled_on": DAY, "due_on": DAY + datetime.timedelta(days=5)}
    days = {"holding_on": DAY, "answered_on": DAY, "corrected_on": DAY}
    return {kind.label.capitalize(): {"item": Item(state=kind, **usual, **days)} for kind in KINDS}


@cache
def of_digests() -> dict[str, dict[str, object]]:
    """Results of each sort, as the page of a digest shows them."""
    asked = f"To ask the Secretary of State for Lighthouses, {_ASKED[0].lower()}{_ASKED[1:]}"
    question = values.question(_TITLE, asked, _ANSWER)
    other = values.question(_TITLE, asked, _ANSWER, asker=values.MEMBERS["Tom Perrin"])
    wrong = {"kind": Kind.CORRECTED, "before": _ANSWER.replace("41", "14"), "answered_on": DAY}
    return {
        "Answered": _found(question),
        "Questions with one answer": _found(*values.together([question, other])),
        "Corrected": _found(values.question(_TITLE, asked, _ANSWER, **wrong)),
        "Newsletter": _found(values.item("The foghorns of Gull Point", _ANSWER)),
    }


def _found(*facts: Fact) -> dict[str, object]:
    placed = place([Told("Foghorns", "foghorns", parse("foghorns").tree, facts)], {})[0]
    found = next(iter(placed.results + placed.corrected))
    return {"found": found, "part": {"query": "foghorns"}, "page": {"not_relevant": {found.anchor: "#"}}}


def whys() -> dict[str, dict[str, object]]:
    """Why a result is there: for one alert, and for others too."""
    of_one = of_digests()["Answered"]
    return {
        "Of one alert": of_one,
        "Of others too": of_one | {"found": naming(of_one["found"], ("Harbours", "Sirens (in passing)"))},
    }


def choices() -> dict[str, dict[str, object]]:
    """What a digest's page can be narrowed to, and how many are left of it."""
    alert = Choice("alert", "Alert", {"1": "Foghorns", "2": "Harbours"})
    kinds = {"answered": "Answers", "corrected": "Corrected answers"}
    page = {"choices": (alert, Choice("kind", "What happened", kinds)), "is_narrowed": False}
    narrowed = {"choices": (alert, Choice("kind", "What happened", kinds, "answered")), "is_narrowed": True}
    return {
        "All of it": {"page": page},
        "Narrowed": {"page": {**narrowed, "said": {"results": 2}, "in_all": 5}},
    }


def correction() -> dict[str, object]:
    """What a correction took out and put in."""
    return {"parts": difference(_ANSWER.replace("41", "14"), _ANSWER)}


def marks() -> dict[str, dict[str, object]]:
    """Which words of a page are marked, or not."""
    return {
        "Marked": {"words": "foghorns", "without_marks": False},
        "Not marked": {"words": "foghorns", "without_marks": True},
    }
