"""The rows behind the pages that a browser looks at: a fictional coast, one reader, all that was said in 13 weeks."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet

from accounts import sessions
from accounts.models import SignIn, User
from alerts.digests.compose import compose_due
from alerts.digests.outgoing import AT_ONCE
from alerts.digests.sections import hits
from alerts.matching.percolate import percolate_due
from alerts.models import Change, CheckIn, Digest, Event, Item, Message, Outlet, SignUp, Source, Subscription
from alerts.models.choices import House
from alerts.web import signing_in, signing_up
from alerts.web.record import record
from alerts.web.signing_up import Asker
from config import clock
from tests.browser import movers, owners
from tests.browser.flood import flood
from tests.browser.movers import Movers
from tests.factories import (
    make_department,
    make_event,
    make_item,
    make_member,
    make_person,
    make_source,
    make_subscription,
)
from tests.web.stories import sign_in_link

DAY = datetime.timedelta(days=1)
READER = "reader@example.org"
NARROWER = "heading:(pilots AND (wages OR safety)) OR question:(pilots AND (wages OR safety))"
REPAIRS = """Every foghorn on the coast is inspected twice a year, in spring and in autumn. In the last twelve months \
the keepers reported that 41 foghorns had fallen silent, of which 37 were repaired within four weeks. The remaining \
four are at stations that can only be reached by boat, and the work there depends on the weather.
A new framework for the repair of foghorns will be let in the summer. It sets a target of ten working days for each \
repair, and asks the contractor to publish every month how many are out of order."""
DREDGED = """The harbour at Little Wick was dredged in January to a depth of four metres, so that the supply boat can \
land at all states of the tide. While the harbour wall is mended the light at its end will be dark, and boats should \
listen for the foghorn at Gull Point instead."""
MEETING = """The keepers of the northern coast met again on Friday, and spoke of foghorns for an hour. Who keeps one \
in order, and who pays for it, was left to the next meeting; the harbour master of Little Wick brought the biscuits."""


@dataclass(frozen=True)
class World:
    """What a test may want to open."""

    reader: User
    alert: Subscription
    digest: Digest
    change: Change
    undone: Change
    leaving: Subscription
    gone: User
    gone_quiet: User
    staff: User
    shown: tuple[int, int]
    page: Outlet
    feed: Outlet
    page_of_nothing: Outlet
    page_of_too_much: Outlet
    page_gone: Outlet
    sign_in: str
    session: str
    sign_up: SignUp
    other_sign_up: SignUp
    expired: SignUp
    cancelled: SignUp
    one_too_many: SignUp
    answered: Item
    corrected: Item
    holding: Item
    newsletter: Item
    hidden: Item
    asked: dict[str, CheckIn]
    movers: Movers
    owners: dict[str, str]
    away: User
    typed: SignIn


def build() -> World:
    """All of it, committed, dated from now; `leaving` and `other_sign_up` are for the pages after a button."""
    now = clock.now()
    make_source(last_ok_at=now - datetime.timedelta(minutes=6), name="Written questions")
    reader = make_person(READER)
    alert = make_subscription(reader, "foghorn OR foghorns", now=now - DAY, name="Foghorns", wants_tabled=True)
    make_subscription(reader, '"keepers of lamps"', now=now - DAY, frequency="weekly")
    paused = make_subscription(reader, "harbour NOT yacht", now=now - DAY, name="Small harbours", paused_at=now)
    known = _developments(now.date(), now)
    common = _answered(
        "What colour a buoy is.", None, now.date(), now, heading="Buoys", answer="Orange.", baseline=True
    )
    percolate_due(now)
    compose_due(now)
    flood(common.events.get())
    _post()
    digest = Digest.objects.latest("id")
    section = digest.sections.order_by("position").first()
    world = World(
        reader=reader,
        alert=alert,
        digest=digest,
        change=record("paused", reader, paused, "manage", now),
        undone=record("paused", reader, alert, "manage", now),
        leaving=make_subscription(make_person("leaver@example.org"), "foghorns", now=now),
        gone_quiet=make_person("quiet@example.org"),
        staff=make_person("staff@example.org", is_staff=True),
        gone=make_person("gone@example.org", delete_after=now + 6 * DAY),
        page=_outlet(alert, now),
        feed=_outlet(alert, now, kind=Outlet.Kind.FEED),
        page_of_nothing=_outlet(make_subscription(make_person(), "zebra", now=now), now),
        page_of_too_much=_outlet(make_subscription(make_person(), "buoy", now=now), now),
        page_gone=_outlet(make_subscription(make_person(), "sirens", now=now), now, closed_at=now),
        shown=(section.pk, hits([section])[section.pk][0].event_id),
        movers=movers.build(now),
        owners=owners.build(now),
        one_too_many=_asked(now, owners.address("full")),
        away=User.objects.get(email=owners.address("away")),
        typed=_typed(reader, now),
        sign_in=_sign_in(now),
        session=sessions.begin(reader, "Chrome on Linux", "", now),
        sign_up=_asked(now),
        other_sign_up=_asked(now, "other@example.org"),
        expired=_asked(now - 8 * DAY),
        cancelled=_asked(now, cancelled_at=now),
        asked=_check_ins(now),
        **known,
    )
    _are_sent(Message.objects.exclude(kind=Message.Kind.TEST), now)
    return world


def _are_sent(messages: QuerySet[Message], now: datetime.datetime) -> None:
    """Nobody waits for these emails; else pages would say that they are held up."""
    sent = {"state": Message.State.SENT, "handoff_at": now, "settled_at": now}
    messages.filter(state=Message.State.PENDING, priority=AT_ONCE).update(**sent)


def _sign_in(now: datetime.datetime) -> str:
    signing_in.ask(READER, "", "/alerts", now)
    return sign_in_link(Message.objects.filter(kind=Message.Kind.SIGN_IN).latest("id"))


def _outlet(alert: Subscription, now: datetime.datetime, kind: str = Outlet.Kind.PAGE, **fields) -> Outlet:
    """A page to share, or a feed."""
    return Outlet.objects.create(subscription=alert, kind=kind, opened_at=now, **fields)


def _check_ins(now: datetime.datetime) -> dict[str, CheckIn]:
    """What alerts were asked that find too much, in each state that the page can be in; each of another person."""
    states = {
        "busy": {},
        "as narrow as it is": {"narrower": ""},
        "left": {"answer": "left", "answered_at": now},
        "switched": {"answer": "switched", "answered_at": now, "query": "pilots"},
        "changed": {"query": "pilots AND wages"},
        "stopped": {},
        "twin": {},
    }
    return {state: _check_in(state, now, **fields) for state, fields in states.items()}


def _check_in(state: str, now: datetime.datetime, **fields) -> CheckIn:
    ended = {"ended_at": now, "end_reason": "person"} if state == "stopped" else {}
    owner = make_person(f"{state.replace(' ', '-')}@example.org")
    words = NARROWER if state == "switched" else "pilots AND (wages OR safety)"
    alert = make_subscription(owner, words, now=now - DAY, name="Harbour pilots", **ended)
    if state == "twin":
        make_subscription(owner, NARROWER, now=now - DAY, name="Pilots in headings")
    usual = {"query": alert.query, "name": alert.name, "found": 240, "narrower": NARROWER, "narrower_found": 31}
    return CheckIn.objects.create(subscription=alert, why="busy", since=now, at=now, **(usual | fields))


def _typed(person: User, now: datetime.datetime) -> SignIn:
    """What was typed into a new alert when the session had ended, and is back."""
    typed = {
        "q": ["foghorns AND repairs"],
        "name": ["Repairs of foghorns"],
        "frequency": ["weekly"],
        "wants_answered": ["on"],
    }
    times = {"asked_at": now, "expires_at": now + DAY, "used_at": now}
    return SignIn.objects.create(user=person, link_hash="typed", goes_to="/alerts/new", typed=typed, **times)


def _post() -> None:
    """A mail in the outbox."""
    mail = EmailMultiAlternatives("2 new: Foghorns", "Four foghorns.", "alerts@hark.example", [READER])
    mail.attach_alternative("<html><head><title>x</title></head><body><p>Four foghorns.</p></body></html>", "text/html")
    (settings.OUTBOX / "one.eml").write_bytes(mail.message().as_bytes())


def _asked(now: datetime.datetime, address: str = "new@example.org", **fields) -> SignUp:
    wanted = {
        "query": "foghorn AND (repairs OR noise)",
        "name": "Foghorns",
        "frequency": "daily",
        "wants_answered": True,
    }
    return signing_up.record(wanted | fields, Asker(address, address, "", "/subscribe"), now)


def _developments(today: datetime.date, now: datetime.datetime) -> dict[str, Item]:
    ada = make_member("Ada Fenwick", party_abbreviation="Ind", member_from="Sandholm East", house=House.COMMONS)
    tom = make_member("Tom Perrin", party_abbreviation="Coast", member_from="Wickby", house=House.COMMONS)
    lady = make_member("Baroness Orme", party_abbreviation="Ind", member_from="Life peer", house=House.LORDS)
    for week in range(3, 13):
        for number in range(week % 4 + 1):
            _answered(
                f"What the foghorn at station {number} of district {week} cost.", ada, today - 7 * week * DAY, now
            )
    _dredged(lady, today, now)
    return {
        "answered": _together(ada, tom, today, now),
        "corrected": _corrected(tom, today, now),
        "holding": _holding(tom, today, now),
        "newsletter": _newsletter(today, now),
        "hidden": _hidden(lady, today, now),
    }


def _question(asked: str, asker, on: datetime.date, **fields) -> Item:
    opening = "To ask the Secretary of State for Lighthouses, "
    usual = {"heading": "Foghorns: Repairs", "department": make_department(), "tabled_on": on - 5 * DAY}
    return make_item(question=opening + asked[0].lower() + asked[1:], asking_member=asker, **(usual | fields))


def _released(kind: str, item: Item, on: datetime.date, now: datetime.datetime, **fields) -> Event:
    return make_event(kind, item=item, happened_on=on, released_at=now, first_seen_at=now, **fields)


def _answered(asked: str, asker, on: datetime.date, now: datetime.datetime, **fields) -> Item:
    baseline = fields.pop("baseline", on < now.date() - 7 * DAY)
    usual = {"answer": f"{asked} It was four pounds.", "answering_member": make_member("Sir Walter Kemp")}
    item = _question(asked, asker, on, **(usual | fields))
    _released("answered", item, on, now, baseline=baseline)
    return item


def _together(ada, tom, today: datetime.date, now: datetime.datetime) -> Item:
    """Two questions with one long answer."""
    tabled = (today - 5 * DAY).isoformat()
    together = [{"uin": uin, "tabled": tabled} for uin in ("20001", "20002")]
    for uin, asked, asker in (
        ("20001", "How many foghorns were repaired in the last twelve months.", ada),
        ("20002", "If he will publish monthly figures on the number of foghorns that are out of order.", tom),
    ):
        beside = [other for other in together if other["uin"] != uin]
        item = _answered(asked, asker, today, now, answer=REPAIRS, uin=uin, grouped_with=beside)
    return item


def _dredged(lady, today: datetime.date, now: datetime.datetime) -> None:
    """An answer that mentions the words in passing."""
    told = {"heading": "Little Wick Harbour", "answer": DREDGED, "house": House.LORDS}
    _answered("When the harbour was last dredged.", lady, today - DAY, now, **told)


def _corrected(tom, today: datetime.date, now: datetime.datetime) -> Item:
    asked = "How many grants were made for a foghorn."
    item = _answered(asked, tom, today - 3 * DAY, now, heading="Harbours: Grants", answer="We made 75 grants.")
    _released("corrected", item, today, now, answer="We made 57 grants.", version="c1")
    return item


def _holding(tom, today: datetime.date, now: datetime.datetime) -> Item:
    words = "It has not proved possible to respond in the time available before the House rose."
    item = _question("How loud a foghorn is.", tom, today, heading="Foghorns: Noise", answer=words)
    _released("holding", item, today, now, version="h1")
    return item


def _newsletter(today: datetime.date, now: datetime.datetime) -> Item:
    source = make_source(Source.Kind.FEED, name="The Lamp Room", last_ok_at=now - datetime.timedelta(minutes=20))
    blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
    item = make_item(source, heading="Foghorns at Gull Point", text=MEETING, url="https://lamproom.example/12", **blank)
    _released("published", item, today, now)
    return item


def _hidden(lady, today: datetime.date, now: datetime.datetime) -> Item:
    return _question("Who paints the buoys.", lady, today, hidden_at=now, hidden_reason="it named a private person")
