"""Reads the content of `world/` from TOML and refuses what cannot be played, naming file and key."""

import tomllib
from collections.abc import Callable, Container
from dataclasses import MISSING, fields
from pathlib import Path

from rehearsal import press_checks
from rehearsal.checks import faults_of
from rehearsal.press import Edit, Posting, Press, Publisher
from rehearsal.script import Department, Person, Question, Rewording, Script, ScriptError, Transfer

CONTENT = Path(__file__).parent / "world"
WORDS = {"house": ("Commons", "Lords"), "gender": ("f", "m")}
LEAST_DEPARTMENT_ID, LEAST_MEMBER_ID = 9000, 990000


def load(folder: Path = CONTENT) -> Script:
    """The content of a folder with people.toml, questions/*.toml and newsletters/*.toml; raises ScriptError."""
    people_file = folder / "people.toml"
    people = _tables(people_file, {"department": Department, "member": Person})
    answers, questions = {}, []
    for path in sorted((folder / "questions").glob("*.toml")):
        read = _tables(path, {"answer": dict, "question": Question})
        for table in read["answer"]:
            _unique(path, "answer", table["key"], answers)
            answers[table["key"]] = table["html"]
        for question in read["question"]:
            _unique(path, "question", question.key, {other.key for _, other in questions})
            questions.append((path, question))
    script = Script(
        _by_key(people_file, "department", people["department"], LEAST_DEPARTMENT_ID),
        _by_key(people_file, "member", people["member"], LEAST_MEMBER_ID),
        answers,
        tuple(question for _, question in questions),
        tuple(_press(path) for path in sorted((folder / "newsletters").glob("*.toml"))),
    )
    for path, question in questions:
        for wrong in faults_of(script, question):
            raise ScriptError(f"{path}: question '{question.key}': {wrong}")
    return script


def _press(path: Path) -> Press:
    """A file with one publisher, its posts and their edits; the publisher's key is the file's name."""
    read = _tables(path, {"publisher": Publisher, "post": Posting, "edit": Edit})
    if [publisher.key for publisher in read["publisher"]] != [path.stem]:
        raise ScriptError(f"{path}: it needs one [[publisher]], with the key '{path.stem}'")
    press = Press(read["publisher"][0], tuple(read["post"]), tuple(read["edit"]))
    for wrong in press_checks.faults_of(press):
        raise ScriptError(f"{path}: {wrong}")
    return press


def _tables(path: Path, kinds: dict[str, Callable]) -> dict[str, list]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScriptError(f"{path}: {error}") from error
    for name in content:
        if name not in kinds:
            raise ScriptError(f"{path}: there is no table [[{name}]]; write one of {', '.join(kinds)}")
    return {name: [_one(path, name, table, kind) for table in content.get(name, [])] for name, kind in kinds.items()}


def _one(path: Path, name: str, table: dict, kind: Callable):
    where = f"{path}: {name} '{table.get('key', table.get('post', '(no key)'))}'"
    if kind is dict:
        return _answer(where, table)
    values = dict(table)
    for inner, inner_kind in (("transferred", Transfer), ("reworded", Rewording)):
        if kind is Question and inner in values:
            values[inner] = _value(f"{where}, {inner}", values[inner], inner_kind)
    return _value(where, values, kind)


def _answer(where: str, table: dict) -> dict:
    if set(table) != {"key", "html"} or not all(isinstance(value, str) and value for value in table.values()):
        raise ScriptError(f"{where}: an answer has a key and html, both text, and nothing else")
    return table


def _value(where: str, table: object, kind: Callable):
    """A frozen value of a table whose names and types fit it."""
    if not isinstance(table, dict):
        raise ScriptError(f"{where}: write it as {{ {', '.join(field.name for field in fields(kind))} }}")
    known = {field.name: field for field in fields(kind)}
    for name, value in table.items():
        if name not in known:
            raise ScriptError(f"{where}: there is no '{name}'; the names are {', '.join(known)}")
        if not isinstance(value, known[name].type) or (isinstance(value, bool) and known[name].type is not bool):
            raise ScriptError(f"{where}: '{name}' cannot be {value!r}")
    missing = [name for name, field in known.items() if field.default is MISSING and table.get(name) in (None, "")]
    if missing:
        raise ScriptError(f"{where}: '{missing[0]}' is missing")
    for name, allowed in WORDS.items():
        if name in table and table[name] not in allowed:
            raise ScriptError(f"{where}: '{name}' cannot be {table[name]!r}; write one of {', '.join(allowed)}")
    return kind(**table)


def _by_key(path: Path, name: str, things: list, smallest: int) -> dict:
    found: dict = {}
    for thing in things:
        _unique(path, name, thing.key, found)
        if thing.id < smallest:
            raise ScriptError(f"{path}: {name} '{thing.key}': id {thing.id} must be at least {smallest}")
        if thing.id in {other.id for other in found.values()}:
            raise ScriptError(f"{path}: {name} '{thing.key}': id {thing.id} is given twice")
        found[thing.key] = thing
    return found


def _unique(path: Path, name: str, key: str, taken: Container[str]) -> None:
    if key in taken:
        raise ScriptError(f"{path}: {name} '{key}' is there twice")
