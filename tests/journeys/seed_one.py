"""Reads the first seed, a page of ten real written questions, into records a rehearsal server can serve."""

import html
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import rehearsal

HEAD = re.compile(
    r"(?P<heading>[^\n]+)\n"
    r"\w+ (?P<day>\d+)\w\w (?P<month>\w+) (?P<year>\d{4})\n\s*"
    r"Asked by: (?P<asker>[^(\n]+) \((?P<party>[^\n]+?) - (?P<seat>[^\n]+)\)\n\s*"
    r"Question to the (?P<department>[^\n:]+):\n\s*"
    r"(?P<question>[^\n]+)\n\s*"
    r"Answered by (?P<minister>[^\n]+?) - [^\n]+\n\s*"
    r"(?P<answer>.+)",
    re.DOTALL,
)


def blocks(path: Path) -> list[dict[str, str]]:
    """The ten questions as they stand on the page, in its order: heading, dates, names, question and answer."""
    _, *parts = re.split(r"^Written Question\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [HEAD.fullmatch(part.strip()).groupdict() for part in parts]


def world(path: Path) -> rehearsal.FixedWorld:
    """A world of the ten questions, answered; those with the same answer on the same day are grouped."""
    found = blocks(path)
    people = {name: 990000 + n for n, name in enumerate(sorted({b[k] for b in found for k in ("asker", "minister")}))}
    members = [_member(people, b) for b in found] + [
        rehearsal.Member(people[b["minister"]], b["minister"], b["minister"]) for b in found
    ]
    unanswered = [_record(number, block, people) for number, block in enumerate(found)]
    return rehearsal.FixedWorld(
        [_answered(r, b, found, unanswered, people) for r, b in zip(unanswered, found, strict=True)], members
    )


def _member(people: dict[str, int], block: dict[str, str]) -> rehearsal.Member:
    name, party = block["asker"], block["party"]
    return rehearsal.Member(people[name], name, name, party, party_abbreviation=party[:3], member_from=block["seat"])


def _day(block: dict[str, str]) -> date:
    return datetime.strptime("{day} {month} {year}".format(**block), "%d %B %Y").date()


def _record(number: int, block: dict[str, str], people: dict[str, int]) -> rehearsal.Record:
    lords = block["seat"] == "Life peer"
    return rehearsal.Record(
        id=1_700_000 + number,
        uin=f"HL{100 + number}" if lords else str(12000 + number),
        date_tabled=_day(block) - timedelta(days=6),
        date_for_answer=_day(block),
        question_text=block["question"],
        heading=block["heading"],
        house="Lords" if lords else "Commons",
        asking_member_id=people[block["asker"]],
        answering_body_id=17,
        answering_body_name=block["department"],
    )


def _answered(record, block, found, records, people) -> rehearsal.Record:
    partners = tuple(
        other.partner
        for other, text in zip(records, found, strict=True)
        if text["answer"] == block["answer"] and other.id != record.id
    )
    paragraphs = "".join(
        f"<p>{html.escape(line, quote=False)}</p>" for line in block["answer"].split("\n") if line.strip()
    )
    return record.answered(_day(block), paragraphs, people[block["minister"]], partners)
