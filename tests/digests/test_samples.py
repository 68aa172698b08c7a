"""The samples of emails: one for every kind and state, made without a row."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from alerts.digests.change_words import OF_ALERTS
from alerts.digests.samples import SAMPLES
from alerts.models import Message
from alerts.models.choices import Away, Frequency, Kind
from tests.digests.agreed import assert_same

TAGS = {
    Kind.TABLED: "Tabled Tue",
    Kind.HOLDING: "HOLDING ANSWER",
    Kind.ANSWERED: "Answered Tue",
    Kind.CORRECTED: "CORRECTED ANSWER",
    Kind.WITHDRAWN: "WITHDRAWN",
    Kind.PUBLISHED: "Published Mon",
    Kind.REVISED: "Updated Mon",
}
AFTER = {
    Away.PAUSED: "of 30 days at most: what is older was left out",
    Away.HOLIDAY: "This covers your pause.",
    Away.SKIPPED: "What came during your pause was left out, as you chose.",
    Away.STOPPED: "This covers the time it was stopped.",
    Away.ADDRESS: "This covers the time we could not write to you.",
}
STATES = {
    "one-answer": ("Subject: Foghorns: Repairs - Ada Fenwick", "Not relevant? "),
    "group-of-five": ("5 QUESTIONS, ONE ANSWER",),
    "also-matches": ("Also matches: Small harbours.", "(answered together)", "1 more shown above"),
    "days-and-departments": ("--- Tue 10 March: Tides ---", "--- Mon 9 March ---"),
    "correction": ("Was: ", "Now: ", "See what changed: http", "We sent you this on 4 March.", "Correction: "),
    "final-answer": ("Replaces the holding answer of 3 March.",),
    "tabled": ("Question to Lighthouses", "Answer due Thu 12 March."),
    "late-sibling": ("Also answered by the reply we sent on 5 March.",),
    "older-items": ("OLDER ITEMS NOW AVAILABLE", "and 2 more"),
    "newsletters": ("Harbour Notes and The Lamp Room", "See this item on Hark", "we showed you the first version"),
    "sources-in-trouble": ("We could not read Harbour Notes since", "Parliament’s data was late from"),
    "late-email": ("This email is late",),
    "first": ("This is your first email about “Foghorns”",),
    "overflow": ("Also new:", "See all 18 results"),
    "headings-only": ("Headings only: this alert finds about 240 results a week.", "New: - Foghorns", "See all 55"),
    "one-of-several": ("Stop this alert",),
    "finds-too-much": ("found 240 results", "would have found 31.", "/c/"),
    "finds-too-much-as-narrow-as-it-is": ("found 1,312 results", "narrow its words"),
    "silent": ("nothing since its last result, on 10 March 2025.", "we read 61,204 questions"),
    "silent-from-the-beginning": ("has found nothing since 10 March 2025. In the last year",),
    "text-only": ("--- Tue 10 March: Tides ---",),
    "markup": ('<I>HORNS</I> & "MORE"',),
}


def text(name: str) -> str:
    written = SAMPLES[name].write()
    return f"Subject: {written.subject}\n\n{written.text}"


def unwrapped(name: str) -> str:
    return " ".join(text(name).split())


def test_every_kind_of_message_has_a_sample():
    assert {sample.kind for sample in SAMPLES.values()} == set(Message.Kind)


def test_every_template_of_an_email_has_a_sample():
    subjects = {sample.write().subject for sample in SAMPLES.values()}
    named = {path.name.split(".")[0] for path in Path(settings.BASE_DIR, "templates/emails").glob("[!_]*.txt")}
    known = {"confirm": "Confirm your alert", "already": "You already get", "sign_in": "sign in", "changed": "changes",
             "digest": "new: ", "goodbye": "account is being deleted", "busy": "results in 4 weeks",
             "address_old": "are to go to another", "address_new": "Confirm your new address",
             "address_taken": "has an account", "address_changed": "come here from now on",
             "silent": "nothing found", "test": "A test"}  # fmt: skip
    assert named == set(known), "a new kind of email belongs into the samples"
    for words in known.values():
        assert any(words in subject for subject in subjects), words


def test_every_development_every_absence_every_frequency_and_every_change_is_shown():
    said = {name: unwrapped(name) for name in SAMPLES}
    for words in [TAGS[kind] for kind in Kind] + [AFTER[reason] for reason in Away]:
        assert any(words in one for one in said.values()), words
    feedback = {sample.write().headers.get("Feedback-ID") for sample in SAMPLES.values()}
    assert {f"digest:{one.name.lower()}:hark:harkalerts" for one in Frequency} <= feedback
    for words in OF_ALERTS.values():
        assert words in said["every-change"]


@pytest.mark.parametrize("name", STATES)
def test_a_sample_shows_the_state_it_is_named_after(name):
    for words in STATES[name]:
        assert words in unwrapped(name), words


def test_the_values_say_what_the_rows_of_the_same_story_say():
    assert_same("catch_up.txt", text("catch-up"))
    assert_same("catch_up.html", SAMPLES["catch-up"].write().html)


def test_each_is_a_whole_email_without_anything_that_could_run():
    for sample in SAMPLES.values():
        assert re.search(rb"^Message-ID: <00000000-0000-0000-0000-000000000004@", sample.as_sent(), re.MULTILINE)
        assert not re.search(r"<(script|img|iframe|form|link)\b|\bon\w+=|javascript:", sample.write().html), sample.name


def test_no_line_of_a_text_is_wider_than_72_columns_but_for_a_link_or_a_word_by_itself():
    for name, sample in SAMPLES.items():
        wide = [line for line in sample.write().text.splitlines() if len(line) > 72 and len(line.split()) > 1]
        assert wide == [], name


def test_bold_in_an_email_means_a_matched_word():
    """Labels are <strong>, so that the marks need no class of their own."""
    for path in Path(settings.BASE_DIR, "templates/emails").glob("*.html"):
        assert "<b>" not in path.read_text(encoding="utf-8"), path.name
