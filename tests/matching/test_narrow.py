"""A search of the past reads only what can match, and finds names as they are now."""

import pytest

from alerts.matching.narrow import narrowed
from alerts.matching.percolate import percolate_due
from alerts.models import Department, DepartmentName, Event, Member, Source
from alerts.query import And, Cased, Field, In, Near, Not, Or, Phrase, Prefix, Term
from tests.factories import NOW, make_department, make_event, make_item, make_member
from tests.matching.rows import look, source

pytestmark = pytest.mark.django_db


def test_a_search_by_a_new_name_finds_what_happened_under_the_old_one():
    lamps, ada = make_department("Department for Lamps"), make_member("Ada Fenwick")
    event = make_event(department=lamps, asking_member=ada, item=make_item(source=source("Gazette")))
    percolate_due(NOW)
    Department.objects.filter(pk=lamps.pk).update(name="Department for Lighthouses")
    Member.objects.filter(pk=ada.pk).update(name="Baroness Fenwick")
    Source.objects.filter(name="Gazette").update(name="Tide Weekly")
    for field in (Field("dept", ("lighthouses",)), Field("asked", ("baroness",)), Field("source", ("tide",))):
        assert list(narrowed(Event.objects.all(), field)) == [event]
        assert look(field).last_90_days == 1


OTHERS = 5
FOGHORNS = Term("foghorns")


@pytest.fixture
def wanted():
    """One event that is found, among many with other words and other names."""
    for number in range(OTHERS):
        make_event(
            "published" if number % 2 else "tabled",
            heading="Sirens",
            question="Why?",
            text="Bells.",
            item=make_item(source=source("Tide Weekly")),
            department=make_department("Ministry of Bells"),
            asking_member=make_member("Cy Oakley", party="Tide Party"),
            answering_member=make_member("Di Oakley"),
            house="Lords",
        )
    names = make_department("Department for Lighthouses")
    DepartmentName.objects.create(department=names, name="DfL", folded="dfl")
    event = make_event(
        "corrected",
        heading="Foghorns",
        answer="Four foghorns were repaired.",
        item=make_item(source=source("Harbour Gazette")),
        department=names,
        asking_member=make_member("Ada Fenwick", party="Harbour Party", party_abbreviation="Harb"),
        answering_member=make_member("Bo Marsh"),
        house="Commons",
    )
    percolate_due(NOW)
    return event


@pytest.mark.parametrize(
    "tree",
    [
        Prefix("foghor"),
        Phrase(("four", Prefix("fogh"))),
        Cased(("Foghorns",)),
        In("heading", FOGHORNS),
        Near((Or((FOGHORNS, Term("lamps"))), Term("repaired")), 5),
        Field("dept", ("dfl",)),
        Field("dept", ("lighthouses",)),
        Field("asked", ("fenwick",)),
        Field("asked", ("ada", "fenwick")),
        Field("answered", ("marsh",)),
        Field("party", ("harb",)),
        Field("house", ("commons",)),
        Field("source", ("gazette",)),
        Field("status", ("answered",)),
        And((Field("type", ("question",)), Field("party", ("harbour", "party")))),
        And((FOGHORNS, Field("asked", ("ada",)))),
        Or((And((FOGHORNS, Field("dept", ("dfl",)))), Field("asked", ("bert",)))),
        Or((FOGHORNS, Term("lamps"), Field("asked", ("bert",)))),
        In("heading", And((Prefix("fogh"), Not(Field("house", ("lords",)))))),
    ],
    ids=str,
)
def test_what_cannot_match_is_not_read(wanted, tree):
    assert list(narrowed(Event.objects.all(), tree)) == [wanted]
    assert look(tree).last_90_days == 1


@pytest.mark.parametrize("name", ["asked", "dept", "source"])
def test_a_name_that_nobody_has_finds_nothing(wanted, name):
    assert not narrowed(Event.objects.all(), Field(name, ("nobody",)))
    assert list(narrowed(Event.objects.all(), Or((FOGHORNS, Field(name, ("nobody",)))))) == [wanted]
