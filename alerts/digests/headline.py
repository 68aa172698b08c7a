"""The head of a digest: subject, preheader, title and summary. Pure."""

from collections.abc import Sequence

from alerts.digests import wording
from alerts.digests.results import Result
from alerts.models.choices import Kind


def subject(fresh: list[Result], late: list[Result], alerts: list[str]) -> str:
    """The subject of an email with these results and older items, of these alerts."""
    correction = any(found.kind == Kind.CORRECTED for found in fresh + late)
    if len(fresh) == 1 and not late:
        return wording.subject_of_one(fresh[0].title, fresh[0].asker, correction)
    start = f"{len(fresh)} new" if fresh else wording.plural(len(late), "older item")
    return wording.subject_of_many(start, alerts, correction)


def preheader(results: list[Result]) -> str:
    """A correction first, then the largest group, then the newest results, Parliament's before others."""
    results = sorted(results, key=is_newsletter)
    corrected = [f"Corrected answer: {found.title}." for found in results if found.kind == Kind.CORRECTED]
    most = max(results, key=lambda found: found.asked)
    asked = most.asked
    facts = [f"{asked} questions share one answer: {most.title}."] if asked > 1 else []
    others = [found for found in results if (found is not most or asked < 2) and found.kind != Kind.CORRECTED]
    return wording.preheader(
        corrected
        + facts
        + [f"{found.title}: {found.status}" for found in others]
        + [f"{results[0].label}." if results[0].label else results[0].answered_by]
    )


def title(alerts: int, results: list[Result]) -> str:
    """Whose alerts, and of which days."""
    days = [found.happened_on for found in results]
    return f"Your {'alert' if alerts == 1 else 'alerts'}, {wording.span(min(days), max(days))}"


def summary(fresh: list[Result], late: list[Result], minutes: int) -> str:
    """How much there is, and how long it takes to read."""
    new = counted(fresh) if fresh else "Nothing new"
    older = f" and {wording.plural(len(late), 'older item')}" if late else ""
    return f"{new}{older}. About {wording.plural(minutes, 'minute')}."


def counted(results: Sequence[Result]) -> str:
    """How many results, and of what."""
    questions = sum(found.items for found in results if found.from_parliament)
    return wording.counted(len(results), questions, sum(map(is_newsletter, results)))


def is_newsletter(found: Result) -> bool:
    """Whether it is an item of a newsletter: they come after questions."""
    return not found.from_parliament
