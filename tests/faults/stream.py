"""A world without end: questions and a newsletter's posts drawn from a seed, a few every hour, day and night.

Each question and each post has a mark, a word that stands nowhere else, in its heading and in its text: by it one
sees what an email shows.
"""

import datetime
import random
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from alerts.models.choices import Kind
from rehearsal import Feed, Member, Partner, Post, Record
from rehearsal.worlds import State

DAY = datetime.timedelta(days=1)
FEED = "harbour-post"
FIRST_MEMBER = 990_001
MEMBERS = {n: Member(n, f"Ada Fenwick{n}", f"Fenwick{n}, Ada") for n in range(FIRST_MEMBER, FIRST_MEMBER + 5)}
TOPICS = re.findall(
    r"\w+",
    """
lanterns harbours foghorns orchards weirs bridges kilns quarries ferries windmills meadows cellars looms tunnels
beacons granaries hedges ponds turnpikes chapels barges sluices dovecotes wharves smithies pastures aqueducts mills
causeways anchors rafts thatch cobbles gables turbines pylons culverts depots allotments lidos bandstands arcades
piers jetties locks towpaths viaducts stiles bothies cairns
""",
)
"""What is asked about, and what readers follow."""
PLAIN = re.findall(
    r"\S+",
    """
We keep this under review and have written to all who are concerned. The figures are published each year and can be
found where they always were. No decision has been taken on what comes after, and none will be before the spring.
Those who run the service tell us that it is going well in most places and less well in some of the others.
""",
)


Stage = tuple[datetime.datetime, Record]
"""From when on a question stands like this."""


def mark_of_question(number: int) -> str:
    return f"zq{number:05d}"


def mark_of_post(number: int) -> str:
    return f"zp{number:05d}"


class Stream:
    """The world of one seed: `a_day` questions from `begin` on, for so many `days` and not after `until`."""

    description = "Everything in it is invented."

    def __init__(self, seed: int, begin: datetime.datetime, days: float, a_day: float):
        self.until: datetime.datetime | None = None
        self._begin = begin
        self._gap = DAY / a_day
        self._posts = [self._post(seed, number) for number in range(int(days / 1.5))]
        lives = list(self._lives(seed, int(days * a_day)))
        self._lives_of_records = [([moment for moment, _ in life], [r for _, r in life]) for life in lives]
        self._moments = sorted(moment for life in lives for moment, _ in life)
        self._known: tuple[int, State] | None = None
        self._lock = Lock()

    def at(self, now: datetime.datetime) -> State:
        now = min(now, self.until or now)
        happened = bisect_right(self._moments, now)
        with self._lock:
            if self._known is None or self._known[0] != happened:
                self._known = happened, State(self._records(now), MEMBERS)
            return self._known[1]

    def feeds_at(self, now: datetime.datetime) -> dict[str, Feed]:
        now = min(now, self.until or now)
        posts = tuple(post for post in self._posts if post.published <= now)
        return {FEED: Feed("The Harbour Post", "https://post.example.org", posts)}

    def published(self, since: datetime.datetime) -> dict[tuple[str, str], datetime.datetime]:
        """All answers, corrections and posts that came after `since`: when, by mark and kind of event."""
        found = {(post.guid, Kind.PUBLISHED): post.published for post in self._posts}
        for number, (moments, records) in enumerate(self._lives_of_records):
            for moment, record in zip(moments, records, strict=True):
                if record.answer_is_holding is False:
                    kind = Kind.CORRECTED if record.answer_is_correction else Kind.ANSWERED
                    found[mark_of_question(number), kind] = moment
        return {known: moment for known, moment in found.items() if since < moment <= self.until}

    def _records(self, now: datetime.datetime) -> Iterator[Record]:
        for moments, records in self._lives_of_records:
            if moments[0] > now:
                return
            yield records[bisect_right(moments, now) - 1]

    def _lives(self, seed: int, questions: int) -> Iterator[list["Stage"]]:
        """Every question's stages, in the order in which they are tabled."""
        firsts, answers = [], []
        for number in range(questions):
            chance, tabled = random.Random(f"{seed} {number}"), self._begin + number * self._gap
            firsts.append(_first(chance, number, tabled))
            together = answers and answers[-1].moment > tabled and chance.random() < 1 / 6
            answers.append(answers[-1] if together else _Answer(chance, tabled))
            answers[-1].to.append(firsts[-1].partner)
        for number, (first, answer) in enumerate(zip(firsts, answers, strict=True)):
            yield list(_stages(first, number, self._begin + number * self._gap, answer, seed))

    def _post(self, seed: int, number: int) -> Post:
        chance = random.Random(f"{seed} post {number}")
        published = self._begin + (number + chance.random()) * 1.5 * DAY
        topics = " and ".join(chance.sample(TOPICS, 4))
        return Post(
            guid=mark_of_post(number),
            link=f"https://post.example.org/{mark_of_post(number)}",
            title=f"News {mark_of_post(number)}",
            published=published,
            html=f"<p>This week we write about {topics}.</p>",
        )


class _Answer:
    """An answer, which questions tabled one after the other may share."""

    def __init__(self, chance: random.Random, tabled: datetime.datetime):
        self.moment = tabled + chance.uniform(0.3, 3) * DAY
        self.corrected = self.moment + chance.uniform(1, 3) * DAY if chance.random() < 0.15 else None
        self.to: list[Partner] = []
        words = PLAIN * chance.choice((1, 1, 2))
        words.insert(chance.randrange(len(words)), chance.choice(TOPICS))
        self.html = f"<p>{' '.join(words)}</p>"


def _stages(record: Record, number: int, tabled: datetime.datetime, answer: _Answer, seed: int) -> Iterator[Stage]:
    chance = random.Random(f"{seed} life {number}")
    yield tabled, record
    if chance.random() < 0.15:
        moment = tabled + (answer.moment - tabled) * chance.uniform(0.1, 0.9)
        record = record.held(moment.date(), "<p>It has not proved possible to respond in time.</p>", FIRST_MEMBER)
        yield moment, record
    partners = tuple(partner for partner in answer.to if partner != record.partner)
    record = record.answered(answer.moment.date(), answer.html, FIRST_MEMBER, partners)
    record = replace(record, heading=f"Case {mark_of_question(number)}")
    yield answer.moment, record
    if answer.corrected:
        html = answer.html.replace("No decision", "A decision")
        yield answer.corrected, record.put_right(answer.corrected.date(), html, FIRST_MEMBER + 1)


def _first(chance: random.Random, number: int, tabled: datetime.datetime) -> Record:
    first, second, third = chance.sample(TOPICS, 3)
    text = (
        f"To ask the Secretary of State for Rehearsals, what steps he is taking on {first} and {second} beside the "
        f"{third}, in the case {mark_of_question(number)}."
    )
    return Record(
        id=9_000_000 + number,
        uin=str(10_000 + number),
        date_tabled=tabled.date(),
        date_for_answer=(tabled + 3 * DAY).date(),
        question_text=text,
        asking_member_id=chance.choice(list(MEMBERS)),
        house=chance.choice(("Commons", "Lords")),
    )
