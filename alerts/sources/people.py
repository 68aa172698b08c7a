"""Members and departments as rows, kept as they were last seen."""

from collections.abc import Iterable

from alerts.models import Department, DepartmentName, Member
from alerts.query.analysis import fold
from alerts.sources.question_values import Person, Question

SHORT_NAMES = {
    1: ["HO"],
    2: ["Scotland"],
    7: ["MHCLG", "Housing", "Local Government"],
    10: ["DCMS"],
    11: ["MoD"],
    13: ["Defra", "Environment"],
    14: ["HMT", "HM Treasury"],
    17: ["DHSC", "Health"],
    21: ["NIO", "Northern Ireland"],
    23: ["PM"],
    27: ["DfT"],
    28: ["Wales"],
    29: ["DWP"],
    31: ["Equalities"],
    53: ["CO"],
    54: ["MoJ"],
    60: ["DfE"],
    88: ["AGO", "Attorney General's Office"],
    201: ["BEIS", "Business"],
    202: ["DIT", "International Trade"],
    208: ["FCDO", "Foreign Office"],
    211: ["DLUHC", "Levelling Up"],
    214: ["DBT", "Business", "Trade"],
    215: ["DESNZ", "Energy"],
    216: ["DSIT", "Science"],
    217: ["DCMS", "Culture"],
}
"""Usual short names by the stable id of the answering body.

What is left of a name without its "Department for" or "Ministry of" needs no entry: the language drops these itself.
"""


class People:
    """The row ids of members and departments by the source's ids; remembers what it has seen in this process."""

    def __init__(self) -> None:
        self.members: dict[int, int] = {}
        self.departments: dict[int, int] = {}
        self._shown: dict[int, tuple] = {}
        self._names: dict[int, str] = {}

    def meet(self, questions: Iterable[Question]) -> None:
        """Makes or updates the rows of everybody named in these questions; a second time it asks nothing."""
        questions = list(questions)
        self._meet_members(questions)
        self._meet_departments(questions)

    def _meet_members(self, questions: list[Question]) -> None:
        seen: dict[int, tuple] = {}
        for question in questions:
            for person in filter(None, (question.asker, question.answerer, question.corrector)):
                shown = _shown(person, question.house)
                if person.id not in seen or person.name:
                    seen[person.id] = shown
        self._recall(Member, self.members, self._shown, _member_as_shown, seen)
        # An id without its object says nothing about a member we know by name.
        new = {id_: shown for id_, shown in seen.items() if self._shown.get(id_) != shown}
        new = {id_: shown for id_, shown in new.items() if id_ not in self.members or not _is_stranger(shown, id_)}
        rows = [Member(external_id=id_, **dict(zip(FIELDS, new[id_], strict=True))) for id_ in sorted(new)]
        self._keep(Member, rows, FIELDS, self.members)
        self._shown.update(new)

    def _meet_departments(self, questions: list[Question]) -> None:
        seen = {question.department_id: question.department_name for question in questions if question.department_name}
        unnamed = {question.department_id for question in questions} - seen.keys()
        seen |= {id_: f"Department {id_}" for id_ in unnamed}
        met = seen.keys() - self.departments.keys()
        self._recall(Department, self.departments, self._names, lambda row: row.name, seen)
        # An id without its name says nothing about a department we know by name.
        new = {id_: name for id_, name in seen.items() if self._names.get(id_) != name}
        new = {id_: name for id_, name in new.items() if id_ not in unnamed & self.departments.keys()}
        self._keep(
            Department, [Department(external_id=id_, name=new[id_]) for id_ in sorted(new)], ["name"], self.departments
        )
        self._names.update(new)
        self._keep_names(met | new.keys())

    def _keep_names(self, ids: Iterable[int]) -> None:
        """Adds to what these departments are called their names of now, and the short names that are not there yet."""
        called = [(id_, name) for id_ in sorted(ids) for name in [self._names[id_], *SHORT_NAMES.get(id_, [])]]
        rows = [
            DepartmentName(department_id=self.departments[id_], name=name, folded=fold(name)) for id_, name in called
        ]
        if rows:
            DepartmentName.objects.bulk_create(rows, ignore_conflicts=True)

    def _recall(self, model, known: dict[int, int], shown: dict, show, seen: dict) -> None:
        """Reads the rows of ids met for the first time in this process."""
        for row in model.objects.filter(external_id__in=[id_ for id_ in seen if id_ not in known]):
            known[row.external_id] = row.pk
            shown[row.external_id] = show(row)

    def _keep(self, model, rows: list, fields: list[str], known: dict[int, int]) -> None:
        if rows:
            model.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["external_id"], update_fields=list(fields)
            )
        known.update((row.external_id, row.pk) for row in rows)


FIELDS = ["name", "list_as", "party", "party_abbreviation", "member_from", "house"]


def _shown(person: Person, house: str) -> tuple:
    name = person.name or f"Member {person.id}"
    return name, person.list_as, person.party, person.party_abbreviation, person.member_from, house


def _member_as_shown(row: Member) -> tuple:
    return tuple(getattr(row, field) for field in FIELDS)


def _is_stranger(shown: tuple, id_: int) -> bool:
    return shown[0] == f"Member {id_}"
