"""What the text of a digest says, read back out of it, so that two of them can be compared fact by fact.

Left out is what may differ: links, which part of a long answer is shown, how the list of alerts on top is laid out.
"""

import re
from dataclasses import dataclass

import pytest

from tests.shared_data import FOLDER

_NUMBERED = re.compile(r"(?:^| )\d\. (?=[A-Z])")
_COUNT = re.compile(r"(\d+)\.? ([A-Z][a-z ]+?)(?: \((\d+) results?[^)]*\)| (\d+))(?=$|\s)")
_RESULT = re.compile(
    r"(?P<status>\w+ \w+ \d+ \w+)\. (?P<people>.+\))\. (?P<answerer>Answered by .+?)\. Asked: (?P<asked>.+?) "
    r"Answer(?P<whole> \(whole\))?: (?P<answer>.+?) (?:Read the full answer \((?P<words>\d+) words\): \S+ )?"
    r"(?:https?://\S+ )?Why: (?P<why>.+?)\.(?: Also matches: (?P<also>.+?)\.)?(?: (?:https?|Not relevant).*)?"
)
_ITEM = re.compile(
    r"(?P<label>NEWSLETTER, NOT PARLIAMENT: .+?)\n(?P<heading>.+)\n(?P<status>.+)\.\n\"(?P<excerpt>[^\"]+)\"\n"
    r"Read it at the source:\s\S+\nWhy: (?P<why>.+?)\.(?:\s+Not relevant.*)?"
)


@dataclass(frozen=True)
class Found:
    """One result: everything said of it, with the matched words marked; of the answer how it is shown."""

    heading: str
    tag: str
    status: str
    people: str
    asked: tuple[str, ...]
    answer: str
    why: str
    also: str


@dataclass(frozen=True)
class Part:
    """One alert: number, name, tally and words; its results."""

    head: str
    results: tuple[Found, ...]


@dataclass(frozen=True)
class Facts:
    """The subject, title, summary and list of alerts; the alerts."""

    top: tuple
    sections: tuple[Part, ...]


def mockup() -> str:
    """The mock-up of a digest that the project's papers hold; the test is skipped where they are absent."""
    path = FOLDER.parent / "EXPERIENCE.md"
    if not path.exists():
        pytest.skip("needs ../shared/EXPERIENCE.md")
    found = re.search(r"^From: Hark alerts.*?\n(Subject: .+?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return found[1]


def facts(text: str) -> Facts:
    """What the text of a digest, its subject in the first line, says."""
    top, *parts = re.split(r"^=+\n", re.split(r"^-+\n", text, flags=re.MULTILINE)[0], flags=re.MULTILINE)
    return Facts(_top(top), tuple(map(_part, parts)))


def _top(text: str) -> tuple:
    subject = re.search(r"^Subject: (.+)$", text, re.MULTILINE)[1]
    title = re.search(r"^YOUR ALERTS?, .+$", text, re.MULTILINE)[0]
    summary = re.search(r"^\d+ results? .+?\d minutes?\.", text, re.MULTILINE | re.DOTALL)[0]
    listed = text[text.index(summary) + len(summary) :]
    alerts = tuple((name, count or again) for _, name, count, again in _COUNT.findall(listed))
    return subject, title, _line(summary), alerts


def _part(text: str) -> Part:
    head, words, rest = re.match(r"(\d+\. [^\n]+)\n(Your words: [^\n]+)\n(.*)", text, re.DOTALL).groups()
    return Part(f"{_line(head)} {words}", tuple(_found(block.strip()) for block in rest.split("\n\n") if block.strip()))


def _found(block: str) -> Found:
    item = _ITEM.fullmatch(block)
    if item:
        return Found(item["heading"], item["label"], item["status"], "", (), "", item["why"], "")
    first, rest = block.split("\n", 1)
    heading, tag = re.fullmatch(r"(.+?)(?:\s{2,}([A-Z0-9, ]+))?", first).groups()
    said = _RESULT.fullmatch(_line(rest))
    assert said, f"cannot be read: {_line(rest)}"
    asked = tuple(part.strip() for part in _NUMBERED.split(said["asked"]) if part.strip())
    answer = said["answer"] if said["whole"] else f"{said['words']} words"
    people = f"{said['people']}. {said['answerer']}"
    return Found(heading, tag or "", said["status"], people, asked, _plain(answer), said["why"], said["also"] or "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    return text.replace("’", "'")
