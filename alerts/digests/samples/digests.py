"""Digests in every state, as samples."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from alerts.digests.facts import Fact, Partner
from alerts.digests.mail import Letter
from alerts.digests.notes import was_late
from alerts.digests.samples.story import (
    ALERTS,
    BELL,
    BELL_HEADING,
    BELL_ON,
    LANTERNS,
    NEWSLETTER,
    PATHS,
    REPLIES,
    SCHEMES,
    Reply,
)
from alerts.digests.samples.values import MEMBERS, MORNING, Alert, digest_letter, item, question, reader, together
from alerts.models import Digest, Source
from alerts.models.choices import Away, Frequency, House, Kind
from alerts.query import matches, parse

SILENT = "To ask the Secretary of State for Lighthouses, how many foghorns fell silent in the last twelve months."
REPAIRED = """The Department inspects every foghorn on the coast twice a year, in spring and in autumn. In the last \
twelve months the keepers reported that 41 foghorns had fallen silent, of which 37 were repaired within four weeks. \
The remaining four are at stations that can only be reached by boat, and the work there depends on the weather. We \
will place the figures for each station in the Library, and will publish them every month from the summer on."""
TESTED = """The tide tables for the spring are out, and for the first time they show at which hours foghorns are \
tested. They can be heard for eleven miles, so please do not report a wreck. The tables are at the post office."""
FOGHORNS = "foghorns"
THE_3RD, THE_9TH = date(2026, 3, 3), date(2026, 3, 9)


def _answered(**fields: object) -> Fact:
    return question("Foghorns: Repairs", SILENT, REPAIRED, **fields)


def _of(reply: Reply) -> list[Fact]:
    """The questions of a reply of the story."""
    house = House.LORDS if reply.lords else House.COMMONS
    return [
        question(
            reply.heading,
            reply.question(number),
            reply.answer,
            reply.on,
            uin=reply.uin(number),
            house=house,
            asker=MEMBERS[reply.asker],
        )
        for number in range(1, len(reply.asked) + 1)
    ]


def catch_up() -> Letter:
    """The whole story: a catch-up after a holiday."""
    facts = [fact for reply in REPLIES for fact in _of(reply)]
    facts.append(item(BELL_HEADING, BELL, BELL_ON, source=NEWSLETTER))
    return digest_letter(*(_found(title, query, facts) for title, query in ALERTS.items()))


def _found(title: str, query: str, facts: Sequence[Fact]) -> Alert:
    """An alert back from a holiday, with those of the facts that it matches."""
    tree = parse(query).tree
    return Alert(title, query, [fact for fact in facts if matches(tree, fact.document())], away_for=Away.HOLIDAY)


def one_answer() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()]))


def group_of_five() -> Letter:
    return digest_letter(Alert("Keepers at home", ALERTS["Keepers at home"], _of(REPLIES[1])))


def also_matches() -> Letter:
    """With a question that was answered together with one that matches and does not match itself."""
    lead = _answered()
    beside = Partner(("20999", lead.address[1]), "To ask the Secretary of State for Lighthouses, who tunes the sirens.")
    lead = replace(lead, partners=frozenset({beside.address}))
    shared = question("Harbours: Fog", "To ask who sounds the foghorns at the harbour of Little Wick.", PATHS)
    other = question("Harbours: Winter", "To ask which harbours close in the winter.", SCHEMES, THE_9TH)
    alerts = Alert("Foghorns", FOGHORNS, [lead, shared]), Alert("Small harbours", "harbour", [shared, other])
    return digest_letter(*alerts, partners={beside.address: beside})


def days_and_departments() -> Letter:
    bodies = ("Department for Lighthouses", "Department of Tides", "Treasury")
    facts = [_numbered(n, body=bodies[n % 3], on=date(2026, 3, 10)) for n in range(1, 6)]
    return digest_letter(Alert("Foghorns", FOGHORNS, [*facts, *(_numbered(n, on=THE_9TH) for n in (6, 7))]))


def _numbered(number: int, **fields: object) -> Fact:
    """One of many questions, each with an answer of its own."""
    asked = f"To ask the Secretary of State for Lighthouses, how old the foghorn at station {number} is."
    return question(f"Foghorns: Station {number}", asked, f"That foghorn is {60 + number} years old.", **fields)


def correction() -> Letter:
    before = "In 2025 the Department repaired 75 foghorns. None of them stood in a harbour."
    after = "In 2025 the Department repaired 57 foghorns. None of them stood in a harbour."
    asked = "To ask the Secretary of State for Lighthouses, how many foghorns were repaired in 2025."
    wrong = question("Foghorns: Number", asked, after, kind=Kind.CORRECTED, before=before, answered_on=THE_3RD)
    shown = {wrong.item_id: date(2026, 3, 4)}
    return digest_letter(Alert("Foghorns", FOGHORNS, [wrong, _answered()], shown=shown))


def holding() -> Letter:
    answer = "It has not proved possible to respond in the time available."
    return digest_letter(
        Alert(
            "Foghorns", FOGHORNS, [question("Foghorns: Noise", SILENT, answer, kind=Kind.HOLDING, holding_on=THE_9TH)]
        )
    )


def final_answer() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered(holding_on=THE_3RD)]))


def tabled() -> Letter:
    """Without a heading yet, and with the day on which the answer is due."""
    fields = {"kind": Kind.TABLED, "answerer": None, "answered_on": None, "due_on": date(2026, 3, 12)}
    return digest_letter(Alert("Foghorns", FOGHORNS, [question("", SILENT, **fields)]))


def withdrawn() -> Letter:
    fields = {"kind": Kind.WITHDRAWN, "answerer": None, "answered_on": None}
    return digest_letter(Alert("Foghorns", FOGHORNS, [question("Foghorns: Paint", SILENT, **fields)]))


def late_sibling() -> Letter:
    """Its answer was told before, under another question."""
    first, second = together([_answered(), _answered()])
    return digest_letter(Alert("Foghorns", FOGHORNS, [second], sent={first.address: date(2026, 3, 5)}))


def older_items() -> Letter:
    old = [_numbered(n, on=date(2026, 1, 10 + n), days_late=40) for n in range(1, 13)]
    return digest_letter(Alert("Foghorns", FOGHORNS, [*old, _answered()]))


def newsletters() -> Letter:
    """Published, in two newsletters, only by email, and changed since it was shown."""
    text = "The foghorn at Gull Point sounded again on Sunday, after four winters of silence. Two hundred people came."
    twice = [item("The horn is back", text, source=name) for name in ("The Lamp Room", "Harbour Notes")]
    by_mail = item("Two foghorns for sale", f"{text} Ask at the boathouse on any Tuesday.", own_link="")
    revised = item(
        "When foghorns are tested",
        TESTED,
        kind=Kind.REVISED,
        own_link="https://lamproom.example/3",
    )
    facts, shown = [*twice, by_mail, revised, _answered()], {revised.item_id: date(2026, 3, 6)}
    return digest_letter(Alert("Foghorns", FOGHORNS, facts, shown=shown))


def sources_in_trouble() -> Letter:
    silent = Source(name="Harbour Notes", fail_count=7, last_ok_at=MORNING - timedelta(hours=20))
    start, end = MORNING - timedelta(hours=22), MORNING - timedelta(hours=17)
    noted = was_late(start, end, Digest(user=reader()))
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()]), troubled=[silent], noted=[noted])


def late_email() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()]), late_by=timedelta(hours=5))


def _after(reason: str, **fields: object) -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()], away_for=reason, **fields))


def after_a_pause() -> Letter:
    return _after(Away.PAUSED, left_behind=True)


def after_a_holiday_that_was_skipped() -> Letter:
    return _after(Away.SKIPPED)


def after_it_was_stopped() -> Letter:
    return _after(Away.STOPPED)


def after_mails_failed() -> Letter:
    return _after(Away.ADDRESS)


def first() -> Letter:
    return digest_letter(
        Alert("Foghorns", FOGHORNS, [_answered()], first=True), Alert("", '"keepers of lamps"', _lamps())
    )


def _lamps() -> list[Fact]:
    asked = "To ask the Secretary of State for Lighthouses, what training is given to keepers of lamps."
    return [question("Lighthouses: Staff", asked, LANTERNS)]


def overflow() -> Letter:
    """Three alerts of eighteen, fourteen and nine results, more than one email shows in full."""
    sizes = {"Foghorns": 18, "Stations": 14, "Old horns": 9}
    starts = {"Foghorns": 0, "Stations": 18, "Old horns": 32}
    return digest_letter(
        *(
            Alert(name, FOGHORNS, [_numbered(starts[name] + n) for n in range(1, size + 1)])
            for name, size in sizes.items()
        )
    )


def headings_only() -> Letter:
    """An alert that finds far too much for a daily email."""
    facts = [_numbered(number) for number in range(1, 56)]
    return digest_letter(Alert("Foghorns", FOGHORNS, facts, too_many=240), Alert("Lamps", "lanterns", _lamps()))


def one_of_several() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()]), one_of_several=True)


def weekly() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered(), _numbered(1)]), frequency=Frequency.WEEKLY)


def as_it_happens() -> Letter:
    return digest_letter(Alert("Foghorns", FOGHORNS, [_answered()]), frequency=Frequency.AS_IT_HAPPENS)


def text_only() -> Letter:
    """For a reader who wants no HTML."""
    return replace(days_and_departments(), html="")


def markup() -> Letter:
    """Signs that would be markup in a name, a heading and an answer."""
    asked, answer = (
        "To ask <b>how</b> many foghorns there are & why.",
        "There are <script>alert(1)</script> 41 foghorns.",
    )
    return digest_letter(Alert('<i>Horns</i> & "more"', FOGHORNS, [question("Foghorns <& others>", asked, answer)]))
