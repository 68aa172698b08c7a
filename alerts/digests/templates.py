"""The templates of emails: Jinja2's, compiled once, while pages are Django's. A name that nobody gave is an error."""

from collections.abc import Mapping
from functools import cache

from django.template import engines
from django.template.defaultfilters import pluralize
from jinja2 import Environment, StrictUndefined, Template, select_autoescape

from alerts.digests.inline import Inline, styled
from alerts.digests.plain import wrapped

ENGINE = "emails"


def environment(**options) -> Environment:
    """What reads templates/emails: HTML is escaped, and text and subjects are as they are."""
    from alerts.digests import pieces  # they are made with templates themselves

    own = {
        "autoescape": select_autoescape(("html",), default=False),
        "keep_trailing_newline": True,
        "undefined": StrictUndefined,
        "extensions": (Inline,),
    }
    made = Environment(**options | own)
    filters = (pieces.in_rows, pieces.in_lines, pieces.marked, pluralize, wrapped)
    made.filters.update({each.__name__: each for each in filters})
    return made


@cache
def _template(name: str) -> Template:
    return engines[ENGINE].env.get_template(name)


def rendered(name: str, context: Mapping[str, object]) -> str:
    """The template of this name, filled; raises jinja2.UndefinedError where the context lacks what it names."""
    return _template(name).render(context)


@cache
def with_styles(html: str) -> str:
    """A fixed part of HTML that stands in no template, with the styles of its tags."""
    return styled(engines[ENGINE].env, html)
