"""What the API answers to one address: status, content type and bytes, decided from a state alone."""

import json
from dataclasses import dataclass
from urllib.parse import unquote

from rehearsal.parameters import LARGEST, Parameters, Refused, current_session, day, paging, truth, wish
from rehearsal.records import Record
from rehearsal.shapes import detail, list_entry
from rehearsal.worlds import State

BASE = ["api", "writtenquestions", "questions"]
JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json; charset=utf-8"
CACHE = (("Cache-Control", "public,max-age=30"),)
SECTIONS = {400: "6.5.1", 404: "6.5.4", 405: "6.5.5"}


@dataclass(frozen=True)
class Answer:
    """A response before it is sent; `headers` are those beyond its type and length."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def answer(state: State, path: str, query: str) -> Answer:
    """The answer to GET; paths are read in any case, a slash at the end does no harm."""
    steps = [unquote(step) for step in path.strip("/").split("/")]
    if [step.casefold() for step in steps[:3]] != BASE or len(steps) > 5:
        return problem(404, "Not Found")
    try:
        return _questions(state, steps[3:], Parameters(query))
    except Refused as refused:
        title = "One or more validation errors occurred."
        return problem(400, title, errors={refused.name: [str(refused)]})


def problem(status: int, title: str, **more: object) -> Answer:
    """An error as the service words it (ProblemDetails)."""
    kind = f"https://tools.ietf.org/html/rfc7231#section-{SECTIONS[status]}"
    return Answer(status, PROBLEM, _bytes({"type": kind, "title": title, "status": status, **more}))


def _questions(state: State, steps: list[str], sent: Parameters) -> Answer:
    members = state.members if sent.one("expandMember", truth, False) else None
    if not steps:
        skip, take = paging(sent)
        found = state.select(wish(sent))
        rows = [list_entry(record, members) for record in found[skip : skip + take]]
        return Answer(200, JSON, _bytes({"totalResults": len(found), "results": rows}), CACHE)
    record = _one(state, steps, current_session(sent))
    return Answer(200, JSON, _bytes(detail(record, members)), CACHE) if record else problem(404, "Not Found")


def _one(state: State, steps: list[str], current: bool) -> Record | None:
    if len(steps) == 1:
        return state.by_id(_number(steps[0]), current)
    try:
        tabled = day(steps[0])
    except ValueError:
        raise Refused("date", steps[0]) from None
    return state.by_uin(tabled, steps[1], current)


def _number(step: str) -> int:
    if not (step.isascii() and step.isdigit() and int(step) <= LARGEST):
        raise Refused("id", step)
    return int(step)


def _bytes(value: dict) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
