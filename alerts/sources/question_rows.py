"""A question's values put into its item, its revisions and its events; nothing here touches the database."""

import html
import json
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from alerts.models import Event, Item, Revision, Source
from alerts.models.choices import Kind
from alerts.sources.developments import Sight, version
from alerts.sources.html_text import paragraphs, plain, sanitised, tidy
from alerts.sources.people import People
from alerts.sources.question_values import Question
from alerts.sources.written_questions import public_address

LONDON = ZoneInfo("Europe/London")
WITH_ANSWER = {Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED}


def london(moment: datetime) -> date:
    """The day it is in London."""
    return moment.astimezone(LONDON).date()


def sight(item: Item) -> Sight | None:
    """What a list last showed of the item; None if none ever did (a partner of a group, read by its address)."""
    return Sight(item.state, item.corrected_on) if item.list_hash else None


def new_item(source: Source, question: Question, now: datetime) -> Item:
    """An item for a question never met before, still without its values."""
    return Item(source=source, external_key=str(question.id), first_seen_at=now, state=question.state)


def fill(item: Item, question: Question, people: People, now: datetime) -> None:
    """Puts the values that a list and a detail share into the item; the texts are not among them."""
    item.url = public_address(item.source.url, question.tabled_on, question.uin)
    item.uin, item.house, item.heading = question.uin, question.house, question.heading
    item.department_id = people.departments[question.department_id]
    item.asking_member_id = people.members[question.asker.id]
    item.answering_member_id = question.answerer and people.members[question.answerer.id]
    item.correcting_member_id = question.corrector and people.members[question.corrector.id]
    item.has_interest, item.is_named_day = question.has_interest, question.is_named_day
    item.tabled_on, item.due_on = question.tabled_on, question.due_on
    item.holding_on, item.answered_on = question.holding_on, question.answered_on
    item.corrected_on, item.state = question.corrected_on, question.state
    item.grouped_with = [{"uin": one.uin, "tabled": one.tabled_on.isoformat()} for one in question.partners]
    item.changed_at = now


def fill_list_texts(item: Item, question: Question) -> None:
    """Takes those of the list's texts that changed; a text known in full stays while its list text does."""
    before = item.list_values
    if before.get("question") != question.question:
        item.question = tidy(question.question)
    if before.get("answer") != question.answer:
        item.answer = list_answer(question)
    item.list_values = {"question": question.question, "answer": question.answer}
    item.list_hash = question.list_hash


def list_answer(question: Question) -> str:
    """The answer's text as the list has it, where entities are still escaped."""
    return tidy(html.unescape(question.answer))


def fill_full_texts(item: Item, question: Question) -> str:
    """Takes the full texts of a detail and gives the answer's HTML, sanitised.

    A detail may be newer than the list; an answer that the list does not know of yet waits for it.
    """
    item.question = tidy(question.question)
    item.attachments = list(question.attachments)
    item.answer = plain(question.answer) if item.state in WITH_ANSWER else ""
    return sanitised(question.answer) if item.state in WITH_ANSWER else ""


def revision_of(item: Item, answer_html: str, number: int, now: datetime, cut: bool = False) -> Revision:
    """The item's text as it stands now; `content_hash` is over text, department and state."""
    content = [item.state, item.question, answer_html, item.department_id]
    return Revision(
        item=item,
        number=number,
        at=now,
        state=item.state,
        heading=item.heading,
        question=item.question,
        answer_html=answer_html,
        department_id=item.department_id,
        content_hash=sha256(json.dumps(content).encode()).hexdigest(),
        cut=cut,
    )


def text_html(item: Item) -> str:
    """The HTML of an answer that is known as plain text only."""
    return paragraphs(item.answer)


def event_of(item: Item, kind: str, revision: Revision | None, now: datetime, baseline: bool) -> Event:
    """The event of one development with its text frozen; released at once unless its source is under review."""
    happened_on = day_of(item, kind, now)
    is_trusted = item.source.review == Source.Review.TRUSTED
    return Event(
        item=item,
        kind=kind,
        version=version(kind, item.holding_on, item.corrected_on),
        revision=revision,
        heading=item.heading,
        question=item.question,
        answer="" if kind == Kind.TABLED else item.answer,
        house=item.house,
        department_id=item.department_id,
        asking_member_id=item.asking_member_id,
        answering_member_id=None if kind == Kind.TABLED else item.answering_member_id,
        happened_on=happened_on,
        first_seen_at=item.changed_at,
        days_late=max(0, (london(item.changed_at) - happened_on).days),
        cut=revision.cut if revision else False,
        baseline=baseline,
        held_for="" if is_trusted else Event.Held.REVIEW,
        released_at=now if is_trusted else None,
    )


def day_of(item: Item, kind: str, now: datetime) -> date:
    """The day a reader is shown for the development."""
    days = {
        Kind.TABLED: item.tabled_on,
        Kind.HOLDING: item.holding_on or item.answered_on,
        Kind.ANSWERED: item.answered_on,
        Kind.CORRECTED: item.corrected_on,
    }
    return days.get(kind) or london(now)
