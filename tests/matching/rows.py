"""Documents made into rows, and what is found among them."""

from alerts.matching.preview import Preview, preview
from alerts.models import Department, DepartmentName, Event, Source
from alerts.query import Document, Node, Query
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_source

ZONES = ("heading", "question", "answer", "text")


def happen(document: Document, kind: str) -> Event:
    """An event with this text and, as far as a row can have them, these names."""
    zones = dict.fromkeys(ZONES, "") | {zone.name: zone.text for zone in document.zones}
    about = document.about
    return make_event(
        kind,
        item=make_item(source=source(about.source or "Harbour Gazette")),
        house=about.house.title(),
        department=department(about.departments),
        asking_member=make_member(about.asked, party=" ".join(about.party)) if about.asked else None,
        answering_member=make_member(about.answered) if about.answered else None,
        **zones,
    )


def source(name: str) -> Source:
    return Source.objects.filter(name=name).first() or make_source(name=name)


def department(names: tuple[str, ...]) -> Department | None:
    if not names or not names[0]:
        return None
    first = make_department(names[0])
    for name in names[1:]:
        DepartmentName.objects.get_or_create(department=first, folded=name.casefold(), defaults={"name": name})
    return first


def look(tree: Node) -> Preview:
    """By the preview."""
    return preview(Query("", tree, ()), NOW)
