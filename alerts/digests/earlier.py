"""What earlier emails of the same alerts told: answers that are not told again, texts that were changed since."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from alerts.digests.facts import Address, Fact, Reply
from alerts.digests.grouping import reply
from alerts.models import Digest, Message, Section
from alerts.models.choices import Kind

_NEVER_CAME = (Message.State.CANCELLED, Message.State.FAILED)
_A_DAY = datetime.timedelta(days=1)


@dataclass
class Earlier:
    """For one alert, with the day of the email: questions whose answer it told, these answers, and items told."""

    sent: dict[Address, datetime.date] = field(default_factory=dict)
    replies: dict[Reply, datetime.date] = field(default_factory=dict)
    shown: dict[int, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sought:
    """What one digest asks of earlier ones: answers of these days and questions, and changed items."""

    digest: Digest
    days: frozenset[datetime.date]
    uins: frozenset[str]
    changed: frozenset[int]

    @classmethod
    def by(cls, digest: Digest, facts: Sequence[Fact]) -> "_Sought":
        """Answers of the days and bodies of these facts: by whom else they were given together.

        Answers are told together that were given on one day, so none was told before that day.
        """
        late = [
            fact for fact in facts if fact.kind == Kind.ANSWERED and (fact.partners or _may_be_second(fact, digest))
        ]
        return cls(
            digest,
            frozenset(fact.happened_on for fact in late),
            frozenset(uin for fact in late for uin, _ in fact.partners),
            frozenset(fact.item_id for fact in facts if fact.kind in (Kind.REVISED, Kind.CORRECTED)),
        )

    @property
    def since(self) -> datetime.datetime:
        """From when on emails can have told such an answer."""
        return datetime.datetime.combine(min(self.days) - _A_DAY, datetime.time.min, datetime.UTC)


def earlier(told: Iterable[tuple[Section, tuple[Fact, ...]]]) -> Mapping[int, Earlier]:
    """What matters here of what was told before, by the id of the section it concerns; of any number of digests."""
    by_digest: dict[int, list[tuple[Section, tuple[Fact, ...]]]] = defaultdict(list)
    for section, facts in told:
        by_digest[section.digest_id].append((section, facts))
    sought = [
        ([section for section, _ in here], _Sought.by(here[0][0].digest, [fact for _, facts in here for fact in facts]))
        for here in by_digest.values()
    ]
    found: dict[int, Earlier] = defaultdict(Earlier)
    for section, made_at, *answer in _answers([(here, asked) for here, asked in sought if asked.days]):
        _note_answer(found[section.pk], _local(made_at, section), *answer)
    for section, made_at, item in _changed([(here, asked) for here, asked in sought if asked.changed]):
        found[section.pk].shown[item] = _local(made_at, section)
    return found


def _note_answer(
    known: Earlier,
    on: datetime.date,
    uin: str,
    tabled_on: datetime.date,
    body: str | None,
    day: datetime.date,
    answer: str,
) -> None:
    known.sent[uin, tabled_on] = on
    same = reply(body or "", day, answer)
    if same:
        known.replies[same] = on


def _local(made_at: datetime.datetime, section: Section) -> datetime.date:
    return made_at.astimezone(section.digest.user.zone).date()


def _may_be_second(fact: Fact, digest: Digest) -> bool:
    """Whether the email before can have told an answer of this one's day."""
    return digest.since is not None and fact.happened_on <= digest.since.date()


_Asking = Sequence[tuple[Sequence[Section], _Sought]]


def _answers(asking: _Asking) -> Iterator[tuple]:
    """Answers that were told before, each with the section it concerns, when, the question and the answer."""
    if not asking:
        return
    item = "topic__hits__event__item__"
    rows = (
        _before(asking)
        .exclude(digest__message__state__in=_NEVER_CAME)
        .filter(
            Q(topic__hits__event__happened_on__in=frozenset().union(*(sought.days for _, sought in asking)))
            | Q(**{f"{item}uin__in": frozenset().union(*(sought.uins for _, sought in asking))}),
            topic__hits__event__kind=Kind.ANSWERED,
            topic__hits__event__item__hidden_at__isnull=True,
            digest__made_at__gte=min(sought.since for _, sought in asking),
        )
        .values_list(
            *("subscription", "digest", "digest__made_at", f"{item}uin", f"{item}tabled_on"),
            *("topic__hits__event__department__name", "topic__hits__event__happened_on", "topic__hits__event__answer"),
        )
    )
    for section, sought, (made_at, uin, tabled_on, body, day, answer) in _concerned(rows, asking):
        if made_at >= sought.since and (day in sought.days or uin in sought.uins):
            yield section, made_at, uin, tabled_on, body, day, answer


def _changed(asking: _Asking) -> Iterator[tuple]:
    """The items changed by what is told now whose version before an email told that was sent."""
    if not asking:
        return
    rows = (
        _before(asking)
        .filter(
            digest__message__state=Message.State.SENT,
            topic__hits__event__kind__in=(Kind.PUBLISHED, Kind.ANSWERED, Kind.CORRECTED),
            topic__hits__event__item__in=frozenset().union(*(sought.changed for _, sought in asking)),
        )
        .values_list("subscription", "digest", "digest__made_at", "topic__hits__event__item")
    )
    for section, sought, (made_at, item) in _concerned(rows, asking):
        if item in sought.changed:
            yield section, made_at, item


def _before(asking: _Asking) -> QuerySet[Section]:
    """The hits of earlier sections of the same alerts, in the order they were told."""
    newest = {section.subscription_id: section.pk for section in _in_order(asking)}
    earlier = Section.objects.filter(
        subscription__in=newest,
        digest__lt=max(sought.digest.pk for _, sought in asking),
        topic__hits__seq__gt=F("from_seq"),
        topic__hits__seq__lte=F("to_seq"),
    )
    return earlier.exclude(pk__in=newest.values()).order_by("to_seq")


def _in_order(asking: _Asking) -> list[Section]:
    return sorted((one for sections, _ in asking for one in sections), key=lambda section: section.digest_id)


def _concerned(rows: Iterable[tuple], asking: _Asking) -> Iterator[tuple[Section, _Sought, tuple]]:
    """Each of the rows with every section of the same alert in a later digest."""
    later = defaultdict(list)
    for sections, sought in asking:
        for section in sections:
            later[section.subscription_id].append((section, sought))
    for subscription, digest, *row in rows:
        for section, sought in later[subscription]:
            if digest < section.digest_id:
                yield section, sought, tuple(row)
