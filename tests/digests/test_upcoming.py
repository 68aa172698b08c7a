"""A look at what would be sent next: it shows the email as it will be, and leaves no trace."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from alerts.digests.compose import compose_due
from alerts.digests.render import letter
from alerts.digests.upcoming import upcoming
from alerts.models import Digest, Message, Schedule, Section, Subscription
from alerts.models.choices import Frequency
from tests.digests.told import MORNING, happen
from tests.factories import make_person, make_subscription

pytestmark = pytest.mark.django_db

EVENING = MORNING - timedelta(hours=12)


@pytest.fixture
def reader():
    """A person whose daily email is due in the morning, with one answer waiting for it."""
    person = make_person("reader@example.org")
    make_subscription(person, "foghorns", name="Horns", now=EVENING)
    Schedule.objects.update(next_due_at=MORNING)
    happen(heading="Foghorns: Repairs")
    return person


def rows() -> tuple:
    """All that composing writes."""
    return (
        *(model.objects.count() for model in (Digest, Section, Message)),
        *Subscription.objects.order_by("pk").values_list("told_through", "last_told_at", "away_since"),
        *Schedule.objects.order_by("pk").values_list("next_due_at", "last_sent_at"),
    )


def without_own_links(text: str) -> list[str]:
    """Its lines, but for the links that name a digest's row and a section's."""
    return [line for line in text.splitlines() if "/d/" not in line and "/n/" not in line]


def test_the_evening_before_it_is_the_email_of_the_morning(reader):
    ((previewed,),) = upcoming(reader, EVENING).values()
    compose_due(MORNING)
    sent = letter(Digest.objects.get(), MORNING)
    assert without_own_links(previewed.text) == without_own_links(sent.text)
    assert previewed.subject == sent.subject == "Foghorns: Repairs"


def test_it_leaves_no_trace(reader):
    make_subscription(reader, "foghorn", now=EVENING, frequency=Frequency.AS_IT_HAPPENS)
    happen(heading="Foghorns: Costs")
    before = rows()
    assert {frequency: len(letters) for frequency, letters in upcoming(reader, EVENING).items()} == {
        "as_it_happens": 1,
        "daily": 1,
    }
    assert rows() == before


def test_of_alerts_that_are_told_apart_there_is_an_email_each(reader):
    make_subscription(reader, "repairs", now=EVENING)
    happen(heading="Foghorns: Repairs")
    reader.combined = False
    reader.save()
    assert len(upcoming(reader, EVENING)["daily"]) == 2


def test_without_news_there_is_none(reader):
    compose_due(MORNING)
    assert upcoming(reader, MORNING) == {"daily": []}


@time_machine.travel(EVENING, tick=False)
def test_the_command_shows_the_text_or_writes_both_parts(reader, capsys, tmp_path):
    call_command("preview_digest", "Reader@Example.org")
    assert "Subject: Foghorns: Repairs\n\nYOUR ALERT, 10 MARCH 2026" in capsys.readouterr().out
    call_command("preview_digest", "reader@example.org", into=tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["daily-1.html", "daily-1.txt"]
    assert "<h3" in (tmp_path / "new" / "daily-1.html").read_text()


def test_the_command_shows_a_digest_that_was_made(reader, capsys):
    compose_due(MORNING)
    digest = Digest.objects.get()
    call_command("preview_digest", digest=digest.uuid)
    assert "Foghorns: Repairs" in capsys.readouterr().out
    Subscription.objects.update(ended_at=MORNING, end_reason="person")
    call_command("preview_digest", digest=digest.uuid)
    assert capsys.readouterr().out == "Nothing to tell.\n"


def test_the_command_says_what_is_wrong(reader):
    with pytest.raises(CommandError, match="Nobody has this address"):
        call_command("preview_digest", "nobody@example.org")
    with pytest.raises(CommandError, match="in the correct format"):
        call_command("preview_digest", "nobody")
    with pytest.raises(CommandError, match="no digest with this uuid"):
        call_command("preview_digest", digest=uuid.UUID(int=5))
