"""The styles of emails: each tag carries those of its element and class, and what is left for the head is at-rules."""

import pytest
from django.template import engines
from jinja2 import DictLoader

from alerts.digests.inline import STYLESHEETS
from alerts.digests.templates import ENGINE, environment, with_styles

SHEET = """/* One sheet; with a sign. */
p { margin: 0 0 8px; color: #111 }
p.small, li { color: #555; }
@media (max-width:640px){p{color:red}}
"""


def shown(html: str, sheet: str = SHEET) -> str:
    sheets = dict.fromkeys(STYLESHEETS, "") | {STYLESHEETS[0]: sheet}
    templates = sheets | {"page.html": html}
    return (
        environment(loader=DictLoader(templates))
        .get_template("page.html")
        .render(url="https://hark.example/?a=1", typed="<p>")
    )


def test_a_tag_carries_what_is_declared_for_its_element_and_then_for_its_class():
    assert shown("<p>One</p>") == '<p style="margin:0 0 8px;color:#111">One</p>'
    assert shown('<p class="small">') == '<p class="small" style="margin:0 0 8px;color:#555">'
    assert shown("<li><i>") == '<li style="color:#555"><i>'


def test_what_is_filled_in_stands_as_it_is():
    assert shown('<p title="{{ url }}">') == '<p title="https://hark.example/?a=1" style="margin:0 0 8px;color:#111">'
    assert shown("{% if 2 > 1 %}<i>{% endif %}{{ typed }}") == "<i>&lt;p&gt;"


def test_only_the_rules_for_the_dark_and_for_small_screens_stand_in_the_head():
    included = '<style>{% include "_email.css" %}</style>'
    assert shown(included) == "<style>@media (max-width:640px){p{color:red}}</style>"
    head = engines[ENGINE].env.get_template("_email.css").render()
    assert head.count("@media") == 2 and head.count("{") == head.count("}") and "td.first { " not in head


def test_what_mail_programs_could_not_be_given_is_refused():
    with pytest.raises(ValueError, match="ul li"):
        shown("<p>", SHEET + "ul li { color: red }")
    for tag in ('<p class="{{ url }}">', '<p class="small holding">', "<p {% if url %}class='small'{% endif %}>"):
        with pytest.raises(ValueError, match="needs one class in plain letters"):
            shown(tag)


def test_html_outside_of_templates_gets_the_styles_too():
    assert with_styles("<b>") == '<b style="background:#ffe89a">'
