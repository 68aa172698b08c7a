"""A fictional fortnight on the coast of Sandholm, told in one email: every state a question can be in."""

import uuid
from datetime import date

from alerts.digests.compose import compose_due
from alerts.models import Digest, Event, Item, Schedule, Subscription
from alerts.models.choices import House
from tests.digests.told import MORNING, percolate
from tests.factories import make_department, make_event, make_item, make_member, make_person, make_subscription

REPAIRS = """The Department inspects every foghorn on the coast twice a year, in spring and in autumn.
In the last twelve months the keepers reported that 41 foghorns had fallen silent, of which 37 were repaired within \
four weeks. The remaining four are at stations that can only be reached by boat, and the work there depends on the \
weather.
A new framework for the repair of foghorns will be let in the summer. It brings the engineers of the northern and the \
southern districts together for the first time, sets a target of ten working days for each repair, and asks the \
contractor to publish every month how many foghorns are out of order. We expect the first report in September, and \
will place a copy in the Library."""
LAMPS = """Keepers of lamps are trained for six weeks at the school in Sandholm before they take up a post. The course \
covers the care of lenses, the keeping of the log, first aid, and the signals that are given in fog, when a foghorn \
must take the place of the light. Since 2021 the course has also been open to volunteers, of whom 112 have completed \
it. We have no plans to shorten it, but we are looking at whether the part on signals could be taken at home."""
MENTIONED = """The harbour at Little Wick was dredged in January to a depth of four metres, so that the supply boat \
can land at all states of the tide. The cost was met from the budget for small harbours.
Further work on the harbour wall is planned for the spring. While it goes on the light at the end of the wall will be \
dark, and boats should listen for the foghorn at Gull Point instead. A notice to mariners has been published, and the \
harbour master will answer questions from the public at a meeting in the village hall."""


def read_digest() -> Digest:
    """The digest of the story: one reader, three alerts, everything at fixed addresses so that its links are too."""
    reader = make_person("reader@example.org", uuid=uuid.UUID(int=1))
    alerts = [
        ("Foghorns", "foghorns OR foghorn", {"wants_tabled": True}),
        ("", '"keepers of lamps"', {}),
        ("Small harbours", "harbour AND NOT yacht", {}),
    ]
    for position, (name, words, wanted) in enumerate(alerts):
        known = {"position": position, "uuid": uuid.UUID(int=10 + position), "last_told_at": MORNING}
        make_subscription(reader, words, name=name, **known, **wanted)
    Schedule.objects.update(next_due_at=MORNING, last_sent_at=MORNING)
    percolate(*_events())
    compose_due(MORNING)
    Digest.objects.update(uuid=uuid.UUID(int=100))
    return Digest.objects.get()


def _events() -> list[Event]:
    ada = make_member("Ada Fenwick", party_abbreviation="Ind", member_from="Sandholm East", house=House.COMMONS)
    tom = make_member("Tom Perrin", party_abbreviation="Coast", member_from="Wickby", house=House.COMMONS)
    lady = make_member("Baroness Orme", party_abbreviation="Ind", member_from="Life peer", house=House.LORDS)
    return [
        *_answered_together(ada, tom),
        _answer("20010", "Lighthouses: Staff", "To ask the Secretary of State for Lighthouses, what training is given "
                "to keepers of lamps.", LAMPS, tom, date(2026, 3, 9), holding_on=date(2026, 3, 2)),
        _answer("HL301", "Little Wick Harbour", "To ask His Majesty's Government when the harbour at Little Wick was "
                "last dredged.", MENTIONED, lady, date(2026, 3, 6), house=House.LORDS),
        _tabled(ada), _holding(tom), _withdrawn(tom), _corrected(ada), _late(lady),
    ]  # fmt: skip


def _item(uin: str, heading: str, question: str, asker, tabled_on: date, **fields) -> Item:
    return make_item(
        uin=uin,
        heading=heading,
        question=question,
        asking_member=asker,
        tabled_on=tabled_on,
        department=make_department("Department for Lighthouses"),
        **fields,
    )


def _answer(uin: str, heading: str, question: str, answer: str, asker, on: date, **fields) -> Event:
    minister = make_member("Sir Walter Kemp")
    item = _item(uin, heading, question, asker, date(2026, 2, 26), answering_member=minister, answer=answer, **fields)
    return make_event("answered", item=item, happened_on=on)


def _answered_together(ada, tom) -> list[Event]:
    """Two that match, and one that does not but has the same answer."""
    tabled = "2026-02-26"
    beside = _item("20003", "Sirens", "To ask the Secretary of State for Lighthouses, what plans he has for sirens.",
                   tom, date(2026, 2, 26))  # fmt: skip
    together = [{"uin": uin, "tabled": tabled} for uin in ("20001", "20002", beside.uin)]
    words = ("how many foghorns were repaired in the last twelve months", "if he will publish monthly figures on the "
             "number of foghorns that are out of order")  # fmt: skip
    return [
        _answer(uin, "Foghorns: Repairs", f"To ask the Secretary of State for Lighthouses, {asked}.", REPAIRS, asker,
                date(2026, 3, 10), grouped_with=[other for other in together if other["uin"] != uin])
        for uin, asked, asker in (("20001", words[0], ada), ("20002", words[1], tom))
    ]  # fmt: skip


def _tabled(ada) -> Event:
    question = "To ask the Secretary of State for Lighthouses, what the cost was of new foghorns."
    item = _item("20044", "", question, ada, date(2026, 3, 10), due_on=date(2026, 3, 12))
    return make_event("tabled", item=item, happened_on=date(2026, 3, 10))


def _holding(tom) -> Event:
    item = _item("20020", "Foghorns: Noise", "To ask the Secretary of State for Lighthouses, pursuant to the Answer of "
                 "3 February, how loud a foghorn is.", tom, date(2026, 2, 27),
                 answer="It has not proved possible to respond in the time available before the House rose.",
                 answering_member=make_member("Sir Walter Kemp"))  # fmt: skip
    return make_event("holding", item=item, happened_on=date(2026, 3, 4), version="h1")


def _withdrawn(tom) -> Event:
    item = _item("20031", "Foghorns: Paint", "To ask the Secretary of State for Lighthouses, in what colour foghorns "
                 "are painted.", tom, date(2026, 3, 3))  # fmt: skip
    return make_event("withdrawn", item=item, happened_on=date(2026, 3, 5))


def _corrected(ada) -> Event:
    first = _answer("20015", "Harbours: Grants", "To ask the Secretary of State for Lighthouses, how many grants were "
                    "made for work on a harbour.", "In 2025 the Department made 75 grants. None was for a marina.",
                    ada, date(2026, 3, 3))  # fmt: skip
    percolate(first)
    Subscription.objects.update(told_through=first.seq)
    answer = "In 2025 the Department made 57 grants. None was for a marina."
    return make_event("corrected", item=first.item, answer=answer, version="c1", happened_on=date(2026, 3, 10))


def _late(lady) -> Event:
    item = _item("HL288", "Foghorns: History", "To ask His Majesty's Government where the oldest foghorn stands.", lady,
                 date(2026, 1, 12), answer="At Gull Point.", house=House.LORDS,
                 answering_member=make_member("Lord Hale"))  # fmt: skip
    return make_event("answered", item=item, happened_on=date(2026, 2, 2), days_late=36)
