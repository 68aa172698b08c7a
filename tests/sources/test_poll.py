"""What happens to a question in Parliament happens, once, as events with their full text."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

import rehearsal
from alerts.models import Cursor, Department, DepartmentName, Event, Item, Member, PollRun, Revision, Source
from alerts.models.poll_run import Pass
from alerts.sources.poll import ensure_parliament, poll
from alerts.sources.written_questions import OFFICIAL
from rehearsal import Attachment, faults
from tests.sources.stories import (
    ADA,
    BERT,
    DAY,
    LONG_ANSWER,
    LONG_QUESTION,
    MONDAY,
    answered,
    event,
    item,
    parliament,
    record,
    told,
)

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY.date() + n * DAY for n in (1, 2, 3))


@pytest.fixture
def stage(settings):
    """A Parliament whose first poll found nothing, so that everything is news."""
    with parliament(settings) as stage:
        yield stage


def test_a_question_goes_from_tabled_over_holding_to_answered_and_corrected(stage):
    question = record()
    stage.world.put(question)
    stage.poll(DAY)
    stage.world.put(held := question.held(WEDNESDAY, "<p>I will answer soon.</p>", by=BERT.id))
    stage.poll(DAY)
    stage.world.put(final := answered(held, THURSDAY))
    stage.poll(DAY)
    stage.world.put(final.put_right(THURSDAY + DAY, LONG_ANSWER.replace("twelve", "thirteen"), by=BERT.id))
    stage.poll(DAY)
    stage.poll(DAY)
    assert told() == [(question.uin, kind) for kind in ("tabled", "holding", "answered", "corrected")]
    assert event(question, "holding").version == "2031-01-08"
    assert event(question, "corrected").happened_on == date(2031, 1, 10)
    assert "thirteen lighthouses" in event(question, "corrected").answer
    assert "thirteen" not in event(question, "answered").answer
    assert item(question).state == "corrected"


def test_an_event_keeps_what_was_true_when_it_happened(stage):
    question = record(question_text=LONG_QUESTION, heading="Lighthouses: Otters")
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    tabled = event(question, "tabled")
    assert (tabled.question, tabled.answer, tabled.heading) == (LONG_QUESTION, "", "Lighthouses: Otters")
    assert (tabled.house, tabled.asking_member.name, tabled.department.name) == (
        "Commons",
        ADA.name,
        "Department for Rehearsals",
    )
    assert (tabled.happened_on, tabled.days_late, tabled.cut) == (MONDAY.date(), 0, False)


def test_the_first_poll_of_a_source_is_the_past(settings):
    old = answered(record(), MONDAY.date())
    with parliament(settings, old) as stage:
        assert told() == []
        assert list(Event.objects.values_list("kind", "baseline")) == [("answered", True)]
        assert stage.read().baseline_at == MONDAY
        stage.world.put(new := record(2000002))
        stage.poll(DAY)
        assert told() == [(new.uin, "tabled")]


def test_the_fifth_paragraph_is_known_although_the_list_cuts_it_off(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    assert stage.poll(timedelta(hours=1)).details == 1
    text = event(question, "answered").answer
    assert "babies" in text.split("\n")[4]
    assert "babies" not in item(question).list_values["answer"]


def test_no_event_exists_before_its_text_is_complete(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    stage.server.faults.inject(lambda wire: None, times=None, only=lambda request: str(question.id) in request.path)
    stage.poll(timedelta(hours=1))
    assert item(question).detail_due
    assert not Event.objects.exists()
    stage.server.faults.lift()
    stage.poll(DAY)
    assert told() == [(question.uin, "answered")]


def test_paragraphs_glued_in_a_short_answer_are_parted_by_its_detail(stage):
    question = answered(record(), MONDAY.date(), "<p>The lamps are lit nationally.</p><p>Based upon oil.</p>")
    stage.world.put(question)
    stage.poll(DAY)
    assert event(question, "answered").answer == "The lamps are lit nationally.\nBased upon oil."


def test_a_short_answer_needs_no_detail(stage):
    question = answered(record(), MONDAY.date(), "<p>Four &amp; a half.</p>")
    stage.world.put(question)
    assert stage.poll(DAY).details == 0
    assert event(question, "answered").answer == "Four & a half."
    assert Revision.objects.latest("id").answer_html == "<p>Four &amp; a half.</p>"


def test_a_transfer_is_no_news_and_the_next_event_names_the_new_department(stage):
    question = record()
    stage.world.put(question)
    stage.poll(DAY)
    stage.world.put(moved := replace(question, answering_body_id=9002, answering_body_name="Ministry of Foghorns"))
    stage.poll(DAY)
    assert told() == [(question.uin, "tabled")]
    assert item(question).department.name == "Ministry of Foghorns"
    stage.world.put(answered(moved, THURSDAY))
    stage.poll(DAY)
    assert event(question, "answered").department.name == "Ministry of Foghorns"
    assert event(question, "tabled").department.name == "Department for Rehearsals"
    departments = item(question).revisions.values_list("department__name", flat=True)
    assert list(departments) == ["Department for Rehearsals", "Ministry of Foghorns", "Ministry of Foghorns"]


QUIET = {
    "a rewording": {"question_text": "To ask the Secretary of State for Rehearsals, how many foghorns were sold."},
    "a heading": {"heading": "Foghorns: Repairs"},
    "a later due date": {"date_for_answer": date(2031, 2, 1)},
    "an interest": {"member_has_interest": True},
    "another day tabled": {"date_tabled": date(2031, 1, 3)},
}


@pytest.mark.parametrize("change", QUIET.values(), ids=QUIET)
def test_a_change_that_is_no_development_is_kept_and_told_to_nobody(stage, change):
    question = record()
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    before = item(question)
    stage.world.put(changed := replace(question, **change))
    stage.poll(timedelta(hours=1))
    after = item(question)
    assert told() == [(question.uin, "tabled")]
    assert after.uuid == before.uuid
    shown = (after.question, after.heading, after.due_on, after.has_interest, after.tabled_on)
    assert shown == (
        changed.question_text,
        changed.heading or "",
        changed.date_for_answer,
        changed.member_has_interest,
        changed.date_tabled,
    )
    assert after.revisions.count() == (2 if "question_text" in change else 1)


def test_an_answer_edited_without_a_word_is_kept_as_a_revision(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    stage.world.put(replace(question, answer_text=LONG_ANSWER.replace("The Department", "This Department")))
    stage.poll(timedelta(hours=1))
    assert told() == [(question.uin, "answered")]
    assert item(question).answer.startswith("This Department")
    assert item(question).revisions.count() == 2


def test_a_new_heading_does_not_ask_for_the_text_again(stage):
    question = record(question_text=LONG_QUESTION)
    stage.world.put(question)
    assert stage.poll(timedelta(hours=1)).details == 1
    stage.world.put(replace(question, heading="Lighthouses"))
    assert stage.poll(timedelta(hours=1)).details == 0
    assert (item(question).heading, item(question).question) == ("Lighthouses", LONG_QUESTION)


def test_a_question_that_vanishes_is_withdrawn_on_the_second_night(stage):
    question = record()
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    stage.world.remove(question.id)
    stage.poll(timedelta(hours=1))
    stage.poll(DAY)
    assert told() == [(question.uin, "tabled")]
    stage.poll(DAY)
    assert told() == [(question.uin, "tabled"), (question.uin, "withdrawn")]
    assert item(question).state == "withdrawn"
    stage.poll(DAY)
    assert len(told()) == 2


def test_a_question_missing_from_the_list_with_a_detail_of_its_own_is_not_withdrawn(stage):
    question = record()
    stage.world.put(question, record(2000002))
    stage.poll(timedelta(hours=1))
    hide = replace(question, date_tabled=date(2030, 6, 3))
    stage.world.put(hide)
    for _ in range(3):
        stage.poll(DAY)
    assert ("withdrawn" in dict(told()).values()) is False
    assert item(question).nights_missing == 3
    stage.world.remove(question.id)
    stage.poll(DAY)
    assert told()[-1] == (question.uin, "withdrawn")


def test_a_question_seen_again_was_never_away(stage):
    question = record()
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    stage.world.remove(question.id)
    stage.poll(DAY)
    assert item(question).nights_missing == 1
    stage.world.put(question)
    stage.poll(DAY)
    stage.world.remove(question.id)
    stage.poll(DAY)
    assert told() == [(question.uin, "tabled")]
    assert item(question).nights_missing == 1


def test_a_withdrawn_question_that_comes_back_goes_on_as_a_known_one(stage):
    question = record()
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    stage.world.remove(question.id)
    stage.poll(DAY)
    stage.poll(DAY)
    stage.world.put(question)
    stage.poll(DAY)
    assert item(question).state == "tabled"
    stage.world.put(answered(question, THURSDAY))
    stage.poll(DAY)
    assert [kind for _, kind in told()] == ["tabled", "withdrawn", "answered"]


def test_a_holding_question_that_vanishes_is_not_withdrawn(stage):
    question = record().held(MONDAY.date(), "<p>Soon.</p>", by=BERT.id)
    stage.world.put(question)
    stage.poll(timedelta(hours=1))
    stage.world.remove(question.id)
    for _ in range(3):
        stage.poll(DAY)
    assert told() == [(question.uin, "holding")]


def test_a_past_question_that_vanishes_before_its_text_was_had_is_withdrawn_as_news(settings):
    question = record(question_text=LONG_QUESTION)
    with parliament(settings, question, first_poll=False) as stage:
        stage.server.faults.inject(faults.status(500), times=1, only=lambda one: one.path.endswith(f"/{question.id}"))
        stage.poll()
        stage.world.remove(question.id)
        stage.poll(DAY)
        stage.poll(DAY)
    events = Event.objects.order_by("id").values_list("kind", "baseline", "cut")
    assert list(events) == [("tabled", True, True), ("withdrawn", False, True)]


def test_a_question_first_seen_corrected_is_news_as_answered_alone(stage):
    question = answered(record(), MONDAY.date()).put_right(MONDAY.date(), "<p>Put right.</p>", by=BERT.id)
    stage.world.put(question)
    stage.poll(DAY)
    stage.poll(DAY)
    assert told() == [(question.uin, "answered")]


def test_a_late_oral_question_is_found_by_its_answer(stage):
    stage.tick(8 * DAY)
    late = answered(record(2000009, uin="901237"), stage.now.date())
    stage.world.put(late)
    stage.poll()
    assert told() == [("901237", "answered")]
    assert event(late, "answered").days_late == 0


def test_a_group_knows_its_partners_also_one_that_no_list_shows(stage):
    old = record(1999001, tabled=date(2030, 10, 7), uin="501", question_text=LONG_QUESTION)
    pair = [record(2000001), record(2000002)]
    everyone = (old.partner, *(one.partner for one in pair))
    old = answered(old, date(2030, 10, 9), grouped=everyone[1:])
    first, second = (
        answered(one, MONDAY.date(), grouped=tuple(p for p in everyone if p != one.partner)) for one in pair
    )
    stage.world.put(old, first, second)
    stage.poll(timedelta(hours=1))
    assert sorted(told()) == sorted([(first.uin, "answered"), (second.uin, "answered")])
    assert item(first).grouped_with == [
        {"uin": "501", "tabled": "2030-10-07"},
        {"uin": second.uin, "tabled": "2031-01-06"},
    ]
    partner = item(old)
    assert (partner.question, partner.state) == (LONG_QUESTION, "answered")
    assert "babies" in partner.answer
    asked = [request.path for request in stage.server.requests if request.path.endswith("/501")]
    assert len(asked) == 1
    stage.world.put(old.put_right(WEDNESDAY, "<p>Put right.</p>", by=BERT.id))
    stage.poll(DAY)
    assert told()[-1] == ("501", "answered")


def test_one_uin_of_two_sessions_is_two_questions(stage):
    one, other = record(2000001, uin="77"), record(2000002, uin="77", date_tabled=MONDAY.date() - 3 * DAY)
    stage.world.put(one, other)
    stage.poll(DAY)
    assert told() == [("77", "tabled"), ("77", "tabled")]


def test_both_houses_are_read_and_members_are_known_by_name(stage):
    peer = answered(record(house="Lords", uin="HL12", asking_member_id=BERT.id), MONDAY.date())
    stage.world.put(peer)
    stage.poll(DAY)
    assert event(peer, "answered").house == "Lords"
    asker = item(peer).asking_member
    assert (asker.name, asker.list_as, asker.party, asker.party_abbreviation, asker.member_from, asker.house) == (
        BERT.name,
        BERT.list_as,
        BERT.party,
        "",
        "Life peer",
        "Lords",
    )


def test_a_member_nobody_expands_is_still_somebody_and_a_name_is_never_lost(stage):
    stage.world.put(record(asking_member_id=4321))
    stage.poll(DAY)
    assert Member.objects.get(external_id=4321).name == "Member 4321"
    stage.world.put(record(2000002))
    stage.poll(DAY)
    stage.world._members.clear()
    stage.world.put(record(2000003))
    stage.poll(DAY)
    assert Member.objects.get(external_id=ADA.id).name == ADA.name


def test_a_renamed_department_keeps_its_row_and_its_old_name(stage):
    stage.world.put(record(answering_body_id=17, answering_body_name="Department of Health"))
    stage.poll(DAY)
    stage.world.put(record(2000002, answering_body_id=17, answering_body_name="Department of Health and Care"))
    stage.poll(DAY)
    assert Department.objects.get().name == "Department of Health and Care"
    names = DepartmentName.objects.values_list("name", flat=True)
    assert set(names) == {"Department of Health", "Department of Health and Care", "DHSC", "Health"}


def test_short_names_are_added_to_a_department_that_is_there_already(stage):
    Department.objects.create(external_id=17, name="Department of Health and Social Care")
    stage.world.put(record(answering_body_id=17, answering_body_name="Department of Health and Social Care"))
    stage.poll(DAY)
    names = DepartmentName.objects.values_list("name", flat=True)
    assert set(names) == {"Department of Health and Social Care", "DHSC", "Health"}


def test_a_department_never_loses_its_name_to_a_question_that_does_not_say_it(stage):
    stage.world.put(record(answering_body_id=17, answering_body_name=""))
    stage.poll(DAY)
    assert Department.objects.get().name == "Department 17"
    stage.world.put(record(2000002, answering_body_id=17, answering_body_name="Department of Health"))
    stage.poll(DAY)
    stage.world.put(record(2000003, answering_body_id=17, answering_body_name=""))
    stage.poll(DAY)
    assert Department.objects.get().name == "Department of Health"


def test_attachments_are_known_from_the_detail(stage):
    sheet = Attachment("https://files.example/lamps.xlsx", "Lamps", "xlsx", 12345)
    question = answered(record(), MONDAY.date())
    stage.world.put(replace(question, attachments=(sheet,)))
    stage.poll(DAY)
    assert item(question).attachments == [
        {"url": sheet.url, "title": "Lamps", "file_type": "xlsx", "bytes": 12345},
    ]


def test_a_script_in_an_answer_reaches_nobody(stage):
    question = answered(record(), MONDAY.date(), LONG_ANSWER + "<script>alert(1)</script><p onclick='x()'>Bye.</p>")
    stage.world.put(question)
    stage.poll(DAY)
    revision = item(question).revisions.get()
    assert "script" not in revision.answer_html and "onclick" not in revision.answer_html
    assert revision.answer_html.endswith("<p>Bye.</p>")


def test_a_source_under_review_holds_its_events(stage):
    Source.objects.update(review="review")
    stage.world.put(record())
    stage.poll(DAY)
    assert Event.objects.get().released_at is None


def test_a_second_poll_asks_for_no_detail_and_writes_nothing(stage, django_assert_max_num_queries):
    stage.world.put(*(answered(record(2000000 + n), MONDAY.date()) for n in range(1, 31)))
    stage.poll(timedelta(hours=1))
    before = list(Item.objects.order_by("id").values_list("changed_at", flat=True))
    assert stage.poll(timedelta(hours=1)).details == 0
    assert list(Item.objects.order_by("id").values_list("changed_at", flat=True)) == before
    assert Event.objects.count() == 30


def test_a_page_costs_a_few_queries_however_many_rows_it_has(stage, django_assert_max_num_queries):
    stage.world.put(*(record(2000000 + n) for n in range(1, 101)))
    stage.tick(DAY)
    with django_assert_max_num_queries(100):
        stage.poll()
    assert len(told()) == 100


def test_the_windows_are_those_of_the_recipe(stage):
    stage.server.requests.clear()
    stage.poll(DAY)
    asked = [{name: value[0] for name, value in request.parameters.items()} for request in stage.server.requests]
    assert [{name: value for name, value in one.items() if name.endswith("From")} for one in asked] == [
        {"tabledWhenFrom": "2031-01-02"},
        {"answeredWhenFrom": "2031-01-02"},
        {"correctedWhenFrom": "2030-12-23"},
        {"tabledWhenFrom": "2030-11-22"},
    ]
    assert all((one["house"], one["expandMember"], one["take"]) == ("Bicameral", "true", "100") for one in asked)


def test_the_nightly_pass_runs_once_a_london_night(stage):
    stage.poll(timedelta(hours=11, minutes=30))
    assert PollRun.objects.filter(pass_name=Pass.NIGHTLY).count() == 1
    stage.poll(timedelta(minutes=45))
    stage.poll(timedelta(hours=1))
    assert PollRun.objects.filter(pass_name=Pass.NIGHTLY).count() == 2


def test_polls_are_as_far_apart_as_the_settings_say(stage, settings):
    settings.POLL_SECONDS = 600
    stage.poll(DAY)
    assert stage.read().next_poll_at == stage.now + timedelta(minutes=10)
    assert poll(stage.now + timedelta(minutes=9)).pages == 0
    assert poll(stage.now + timedelta(minutes=10)).pages == 3


def test_a_paused_source_is_left_alone(stage):
    Source.objects.update(paused_at=MONDAY)
    assert stage.poll(DAY).pages == 0


def test_ten_days_of_downtime_are_caught_up(stage):
    question = record()
    stage.world.put(question)
    stage.tick(timedelta(hours=1))
    stage.tick(10 * DAY)
    stage.world.put(answered(record(2000002, tabled=TUESDAY), THURSDAY))
    stage.poll()
    assert sorted(told()) == [("10001", "tabled"), ("10002", "answered")]
    assert event(question, "tabled").days_late == 10
    assert Cursor.objects.get(pass_name=Pass.TABLED).last_complete_on == date(2031, 1, 16)


def test_parliament_is_one_source_however_often_it_is_ensured(settings, db):
    settings.PARLIAMENT_URL = "https://questions-statements-api.parliament.uk"
    first = ensure_parliament(MONDAY)
    assert (first.name, first.review) == ("UK Parliament written questions", "trusted")
    assert ensure_parliament(MONDAY + DAY).next_poll_at == MONDAY
    settings.PARLIAMENT_URL = "http://127.0.0.1:8123"
    assert ensure_parliament(MONDAY).name == "Rehearsal Parliament (invented)"
    assert list(Source.objects.filter(paused_at=None).values_list("url", flat=True)) == ["http://127.0.0.1:8123"]


def test_a_rehearsal_at_another_port_is_the_same_source(settings, db):
    settings.PARLIAMENT_URL = "http://127.0.0.1:8123"
    first = ensure_parliament(MONDAY)
    settings.PARLIAMENT_URL = "http://127.0.0.1:9456"
    assert ensure_parliament(MONDAY).pk == first.pk
    assert Source.objects.get().url == "http://127.0.0.1:9456"


def test_a_source_that_the_setting_names_again_is_polled_again(settings, db):
    settings.PARLIAMENT_URL = OFFICIAL
    ensure_parliament(MONDAY)
    settings.PARLIAMENT_URL = "http://127.0.0.1:8123"
    ensure_parliament(MONDAY)
    settings.PARLIAMENT_URL = OFFICIAL
    assert ensure_parliament(MONDAY).paused_at is None


def test_a_source_that_staff_paused_stays_paused(settings, db):
    ensure_parliament(MONDAY)
    Source.objects.update(paused_at=MONDAY, pause_reason="asked to by the service")
    assert ensure_parliament(MONDAY).paused_at == MONDAY


def test_polling_makes_the_source_where_there_is_none(settings, db):
    with rehearsal.serve(rehearsal.FixedWorld(), now=MONDAY) as server:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({server.url.removeprefix("http://")})
        poll(MONDAY)
    assert Source.objects.get().last_ok_at == MONDAY
