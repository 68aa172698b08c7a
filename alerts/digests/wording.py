"""The words round the results: dates, people, states, the subject and the preheader. Pure."""

import datetime
import re
from collections.abc import Sequence

from alerts.digests.facts import Fact
from alerts.models.choices import Kind

SUBJECT_LENGTH = 60
PREHEADER_SHORTEST, PREHEADER_LONGEST = 40, 90
NEWSLETTER = "Newsletter, not Parliament"
"""The label of whatever was not said in Parliament."""
UNTITLED = "Item without a title"
LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
THIRD_PARTY = "Newsletter items belong to their publishers: shown are title, extract and link."

_DEPARTMENT = re.compile(r"^Department (?:of|for) (?:the )?")


def day(date: datetime.date) -> str:
    """`Tue 13 February`."""
    return f"{date:%a} {date.day} {date:%B}"


def short_day(date: datetime.date) -> str:
    """`2 February`."""
    return f"{date.day} {date:%B}"


def full_day(date: datetime.date) -> str:
    """`3 January 2024`."""
    return f"{short_day(date)} {date.year}"


def span(first: datetime.date, last: datetime.date) -> str:
    """`13 February 2024`, `1 to 13 February 2024`, `28 January to 2 February 2024`."""
    if first == last:
        return f"{short_day(last)} {last.year}"
    start = str(first.day) if (first.year, first.month) == (last.year, last.month) else short_day(first)
    return f"{start}{f' {first.year}' if first.year != last.year else ''} to {short_day(last)} {last.year}"


def plural(number: int, one: str, many: str = "") -> str:
    """`1 result`, `5 results`, `1,200 results`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def body(name: str) -> str:
    """An answering body as people say it: *Health and Social Care*, *Home Office*."""
    return _DEPARTMENT.sub("", name)


def heading(fact: Fact) -> str:
    """The heading, or what stands for it while there is none."""
    if not fact.from_parliament:
        return fact.heading or UNTITLED
    return fact.heading or (f"Question to {body(fact.body)}" if fact.body else "Question without a heading yet")


def status(fact: Fact) -> str:
    """What happened, and when."""
    when = day(fact.happened_on)
    words = {
        Kind.TABLED: "Tabled",
        Kind.HOLDING: "Holding answer",
        Kind.ANSWERED: "Answered",
        Kind.CORRECTED: "Answer corrected",
        Kind.WITHDRAWN: "Withdrawn on or before",
        Kind.PUBLISHED: "Published",
        Kind.REVISED: "Updated",
    }
    return f"{words[Kind(fact.kind)]} {when}."


def status_more(fact: Fact, told_on: datetime.date | None = None) -> str:
    """What else a reader should know of the state: what is due, what was replaced or told before; or ''."""
    if fact.kind == Kind.TABLED and fact.due_on:
        return f"Answer due {day(fact.due_on)}."
    if fact.kind == Kind.HOLDING:
        return "No full answer yet; we will tell you when it comes."
    if fact.kind == Kind.ANSWERED and fact.holding_on:
        return f"Replaces the holding answer of {short_day(fact.holding_on)}."
    if fact.kind == Kind.CORRECTED and told_on:
        return f"We sent you this on {short_day(told_on)}."
    if fact.kind == Kind.CORRECTED and fact.answered_on:
        return f"First answered {short_day(fact.answered_on)}."
    return ""


def reply_sent(on: datetime.date) -> str:
    """For a question whose answer an earlier email told."""
    return f"Also answered by the reply we sent on {short_day(on)}."


def changed(shown_on: datetime.date | None, first_on: datetime.date | None) -> str:
    """Of a newsletter item that was changed: when we showed the first version, or else when that was published."""
    if shown_on:
        return f"This item was changed; we showed you the first version on {short_day(shown_on)}."
    return f"First published {day(first_on)}." if first_on else ""


def counted(results: int, questions: int, newsletters: int) -> str:
    """`6 results (10 questions, 1 newsletter item)`; what results are made of only where it is not said already."""
    total = plural(results, "result")
    if results and newsletters == results:
        return f"{total}, {'from a newsletter' if results == 1 else 'all from newsletters'}"
    parts = [plural(questions, "question")] if newsletters or questions != results else []
    parts += [plural(newsletters, "newsletter item")] if newsletters else []
    return f"{total} ({', '.join(parts)})" if parts else total


def place_of_correction(on: datetime.date) -> str:
    """Where the item's page shows what was changed on this day."""
    return f"corrected-{on.isoformat()}"


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B, C and D`: every one of them."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def people(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and 3 others`."""
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]}, {names[1]} and {plural(len(names) - 2, 'other')}"


def shortened(text: str, length: int) -> str:
    """`text`, cut at a word where it is longer than `length`."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:-") + "…"


def subject_of_one(heading: str, member: str, correction: bool) -> str:
    """`{heading} - {member}`, within the length of a subject."""
    prefix, suffix = "Correction: " if correction else "", f" - {member}" if member else ""
    room = SUBJECT_LENGTH - len(prefix) - len(suffix)
    if room < SUBJECT_LENGTH // 3:
        room, suffix = SUBJECT_LENGTH - len(prefix), ""
    return f"{prefix}{shortened(heading, room)}{suffix}"


def subject_of_many(start: str, alerts: Sequence[str], correction: bool) -> str:
    """`{n} new: {alert}, {alert} +{k}` with as many names, in the reader's order, as there is room for."""
    start = f"{'Correction: ' if correction else ''}{start}: "
    for shown in range(len(alerts), 0, -1):
        rest = f" +{len(alerts) - shown}" if shown < len(alerts) else ""
        subject = f"{start}{', '.join(alerts[:shown])}{rest}"
        if len(subject) <= SUBJECT_LENGTH:
            return subject
    rest = f" +{len(alerts) - 1}" if len(alerts) > 1 else ""
    return f"{start}{shortened(alerts[0], SUBJECT_LENGTH - len(start) - len(rest))}{rest}"


def preheader(facts: Sequence[str]) -> str:
    """40 to 90 characters out of these, the most telling first."""
    chosen = ""
    for fact in facts:
        longer = f"{chosen} {fact}".strip()
        if len(chosen) >= PREHEADER_SHORTEST:
            break
        chosen = longer
    return shortened(chosen, PREHEADER_LONGEST)
