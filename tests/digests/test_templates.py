"""The templates of emails escape HTML and nothing else, and a name that nobody gave is an error."""

import pytest
from jinja2 import UndefinedError

from alerts.digests.templates import rendered

TYPED = 'Fish & "chips" <now>'
SENDER = {"site_url": "https://hark.example", "postal_address": TYPED}


def test_what_a_person_typed_is_escaped_in_html_alone():
    assert "Fish &amp; &#34;chips&#34; &lt;now&gt;" in rendered("_sender.html", SENDER)
    assert TYPED in rendered("_sender.txt", SENDER)
    assert rendered("changed.subject.txt", {"title": TYPED}) == f"{TYPED}\n"


def test_a_name_that_nobody_gave_is_an_error():
    with pytest.raises(UndefinedError, match="postal_address"):
        rendered("_sender.txt", {"site_url": "https://hark.example"})
