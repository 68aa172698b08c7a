"""Styles for mail programs: the rules of the stylesheets written into each tag of a template, once, when it is read."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import Environment
from jinja2.ext import Extension

STYLESHEETS = ("_email.css", "_button.css")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_AT_RULE = re.compile(r"@[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[a-z][a-z0-9]*(\.[a-z]+)?")
_OPENING = re.compile(r"<([a-z][a-z0-9]*)((?:\{\{.*?\}\}|\{%.*?%\}|[^<>])*)>")
_CLASS = re.compile(r'\sclass="([^"]*)"')


class Inline(Extension):
    """Has the tags of HTML templates carry their styles; of a stylesheet only its at-rules are left for the head."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template of this name with its styles."""
        if name and name.endswith(".css"):
            return "\n".join(_AT_RULE.findall(source))
        return styled(self.environment, source) if name and name.endswith(".html") else source


def styled(environment: Environment, html: str) -> str:
    """This part of a template with the styles of each of its tags; raises ValueError for a class that is not fixed."""
    rules = _rules(environment)

    def with_style(tag: re.Match) -> str:
        found = _CLASS.search(tag[2])
        if "class=" in tag[2] and not (found and found[1].isalpha()):
            raise ValueError(f"an email's tag needs one class in plain letters: {tag[0]}")
        declared = rules.get(tag[1], {}) | rules.get(f"{tag[1]}.{found[1]}" if found else "", {})
        style = ";".join(f"{name}:{value}" for name, value in declared.items())
        return f'<{tag[1]}{tag[2]} style="{style}">' if style else tag[0]

    return _OPENING.sub(with_style, html)


@cache
def _rules(environment: Environment) -> Mapping[str, Mapping[str, str]]:
    """What is declared for each selector; raises ValueError for one that is more than an element and a class."""
    sheets = (environment.loader.get_source(environment, name)[0] for name in STYLESHEETS)
    rules: dict[str, dict[str, str]] = {}
    for selectors, declared in _read(sheets):
        for selector in (part.strip() for part in selectors.split(",")):
            if not _SELECTOR.fullmatch(selector):
                raise ValueError(f"emails have styles of an element or of one of its classes, not of {selector}")
            rules.setdefault(selector, {}).update(declared)
    return rules


def _read(sheets: Iterable[str]) -> Iterable[tuple[str, Mapping[str, str]]]:
    for sheet in sheets:
        for selectors, block in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", sheet))):
            pairs = (line.split(":", 1) for line in block.split(";") if line.strip())
            yield selectors, {name.strip(): value.strip() for name, value in pairs}
