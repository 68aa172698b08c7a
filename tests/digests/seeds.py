"""The two sample texts, read into events: ten questions of February 2024 with five answers; a newsletter's item."""

import re
from datetime import date, datetime

from alerts.models import Event, Source
from alerts.models.choices import House
from tests.factories import make_department, make_event, make_item, make_member, make_source
from tests.shared_data import shared

_HEAD = re.compile(
    r"Written Question\n(?P<heading>.+)\n\w+ (?P<day>\d+)\w+ (?P<month>\w+ \d{4})\n\n"
    r"Asked by: (?P<asker>.+) \((?P<party>\w+) - (?P<seat>.+)\)\n\n"
    r"Question to the (?P<body>.+):\n\n(?P<question>.+)\n\n"
    r"Answered by (?P<answerer>[\w' ]+?) - .+\n\n(?P<answer>(?:.+\n(?:\n(?!\n))?)+)"
)
_PARTIES = {"Conservative": "Con", "Labour": "Lab"}


def questions() -> list[dict[str, str]]:
    """The ten questions in the order of the page; the test is skipped where the sample is absent."""
    page = shared("seeds/000_aab3d60b8ab4f86a.txt").read_text(encoding="utf-8")
    return [match.groupdict() for match in _HEAD.finditer(page + "\n")]


def events() -> list[Event]:
    """The ten as answered events, not percolated, the oldest first and those of one day as they stand on the page."""
    return [_event(number, values) for number, values in enumerate(sorted(questions(), key=_day), start=1)]


def newsletter_event() -> Event:
    """The first item of the second sample, as published on a day between the questions; not percolated."""
    issue = shared("seeds/004_2b602f2eca641b35.txt").read_text(encoding="utf-8")
    title, text = re.match(r"1\. (.+?)\n\n(.+?)\n\n2\. Dr ", issue, re.DOTALL).groups()
    blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
    item = make_item(
        make_source(Source.Kind.ISSUES, name="[newsletter name]"),
        heading=title,
        text="\n".join(line.strip() for line in text.splitlines() if line.strip()),
        url="https://newsletter.example/1",
        state="published",
        **blank,
    )
    return make_event("published", item=item, happened_on=date(2024, 2, 12))


def _day(values: dict[str, str]) -> date:
    return datetime.strptime(f"{values['day']} {values['month']}", "%d %B %Y").date()


def _event(number: int, values: dict[str, str]) -> Event:
    day = _day(values)
    lords = values["asker"].startswith("Baroness")
    item = make_item(
        uin=str(12000 + number),
        tabled_on=day,
        house=House.LORDS if lords else House.COMMONS,
        heading=values["heading"],
        question=values["question"],
        answer="\n".join(line for line in values["answer"].splitlines() if line.strip()),
        department=make_department(values["body"]),
        asking_member=make_member(
            values["asker"],
            party_abbreviation=_PARTIES[values["party"]],
            member_from=values["seat"],
            house=House.LORDS if lords else House.COMMONS,
        ),
        answering_member=make_member(values["answerer"]),
    )
    return make_event("answered", item=item, happened_on=day)
