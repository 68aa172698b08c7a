"""What is known of an event besides its text comes from its own row and from the names of now."""

import pytest

from alerts.models import DepartmentName, Event
from alerts.query import About
from tests.factories import make_department, make_event, make_member, make_source

pytestmark = pytest.mark.django_db


def call(department, *names: str) -> None:
    for name in names:
        DepartmentName.objects.create(department=department, name=name, folded=name.casefold())


def test_of_a_question():
    department = make_department("Department for Lighthouses")
    call(department, "DfL", "Department for Lamps", "Department for Lighthouses")
    asker = make_member("Ada Fenwick", party="Harbour Party", party_abbreviation="Harb")
    event = make_event(
        "corrected",
        department=department,
        asking_member=asker,
        answering_member=make_member("Bo Marsh", party="Tide Party"),
        house="Lords",
    )
    assert event.about == About(
        type="question",
        house="Lords",
        source=event.item.source.name,
        status="corrected",
        departments=("Department for Lighthouses", "Department for Lamps", "DfL"),
        asked="Ada Fenwick",
        answered="Bo Marsh",
        party=("Harbour Party", "Harb"),
    )
    assert event.document.about == event.about


@pytest.mark.parametrize("kind", ["published", "revised"])
def test_of_an_item_of_a_newsletter(kind):
    source = make_source("feed", name="Harbour Gazette")
    assert make_event(kind).about == About(type="newsletter", source="Harbour Gazette", status=kind)
    assert source.items.count() == 1


@pytest.mark.parametrize("kind", ["tabled", "holding", "answered", "corrected", "withdrawn"])
def test_every_development_of_a_question_is_of_a_question(kind):
    assert (make_event(kind).about.type, make_event(kind).about.status) == ("question", kind)


def test_a_member_without_a_party_has_no_party():
    assert make_event(asking_member=make_member("Cy Oakley")).about.party == ()


def happen(number: int) -> None:
    department = make_department(f"Department {number % 7}")
    DepartmentName.objects.get_or_create(department=department, name="DX", folded="dx")
    make_event(
        "answered" if number % 2 else "published",
        department=department,
        asking_member=make_member(f"Ada {number}", party="Harbour Party"),
        answering_member=make_member(f"Bo {number % 3}"),
    )


@pytest.mark.parametrize("events", [1, 50])
def test_everything_a_document_is_made_of_is_read_in_two_queries(events, django_assert_num_queries):
    for number in range(events):
        happen(number)
    with django_assert_num_queries(2):
        documents = [event.document for event in Event.objects.readable()]
    assert len(documents) == events
    assert all("DX" in document.about.departments and document.about.source for document in documents)
