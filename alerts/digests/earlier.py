"""What earlier emails of the same alerts told: answers that are not told again, texts that were changed since."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from alerts.digests.facts import Address, Fact, Reply
from alerts.digests.grouping import reply
from alerts.models import Message, Section
from alerts.models.choices import Kind

_NEVER_CAME = (Message.State.CANCELLED, Message.State.FAILED)
_A_DAY = datetime.timedelta(days=1)


@dataclass
class Earlier:
    """For one alert, with the day of the email: questions whose answer it told, these answers, and items told."""

    sent: dict[Address, datetime.date] = field(default_factory=dict)
    replies: dict[Reply, datetime.date] = field(default_factory=dict)
    shown: dict[int, datetime.date] = field(default_factory=dict)


def earlier(told: Iterable[tuple[Section, tuple[Fact, ...]]]) -> Mapping[int, Earlier]:
    """What matters here of what was told before, by the id of the section it concerns."""
    told = list(told)
    found: dict[int, Earlier] = defaultdict(Earlier)
    ids = {section.subscription_id: section for section, _ in told}
    facts = [fact for _, facts in told for fact in facts]
    for subscription, made_at, *answer in _answers(ids, facts):
        _note_answer(found[ids[subscription].pk], _local(made_at, ids[subscription]), *answer)
    for subscription, made_at, item in _changed(ids, facts):
        found[ids[subscription].pk].shown[item] = _local(made_at, ids[subscription])
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
    return made_at.astimezone(section.subscription.user.zone).date()


def _answers(sections: Mapping[int, Section], facts: Iterable[Fact]) -> Iterable[tuple]:
    """Answers of the days and bodies of these that were told before: by whom else, when, the question, the answer.

    Answers are told together that were given on one day, so none was told before that day.
    """
    late = [fact for fact in facts if fact.kind == Kind.ANSWERED and (fact.partners or _may_be_second(fact, sections))]
    if not late:
        return ()
    days = {fact.happened_on for fact in late}
    item = "topic__hits__event__item__"
    return (
        _before(sections)
        .exclude(digest__message__state__in=_NEVER_CAME)
        .filter(
            Q(topic__hits__event__happened_on__in=days)
            | Q(**{f"{item}uin__in": {uin for fact in late for uin, _ in fact.partners}}),
            topic__hits__event__kind=Kind.ANSWERED,
            topic__hits__event__item__hidden_at__isnull=True,
            digest__made_at__gte=datetime.datetime.combine(min(days) - _A_DAY, datetime.time.min, datetime.UTC),
        )
        .values_list(
            *("subscription", "digest__made_at", f"{item}uin", f"{item}tabled_on"),
            *("topic__hits__event__department__name", "topic__hits__event__happened_on", "topic__hits__event__answer"),
        )
    )


def _may_be_second(fact: Fact, sections: Mapping[int, Section]) -> bool:
    """Whether the email before can have told an answer of this one's day."""
    since = next(iter(sections.values())).digest.since
    return since is not None and fact.happened_on <= since.date()


def _changed(sections: Mapping[int, Section], facts: Iterable[Fact]) -> Iterable[tuple]:
    """The items changed by these whose version before an email told that was sent."""
    changed = {fact.item_id for fact in facts if fact.kind in (Kind.REVISED, Kind.CORRECTED)}
    if not changed:
        return ()
    return (
        _before(sections)
        .filter(
            digest__message__state=Message.State.SENT,
            topic__hits__event__kind__in=(Kind.PUBLISHED, Kind.ANSWERED, Kind.CORRECTED),
            topic__hits__event__item__in=changed,
        )
        .values_list("subscription", "digest__made_at", "topic__hits__event__item")
    )


def _before(sections: Mapping[int, Section]) -> QuerySet[Section]:
    """The hits of earlier sections of the same alerts, in the order they were told."""
    digest = next(iter(sections.values())).digest_id
    return Section.objects.filter(
        subscription__in=sections,
        digest__lt=digest,
        topic__hits__seq__gt=F("from_seq"),
        topic__hits__seq__lte=F("to_seq"),
    ).order_by("to_seq")
