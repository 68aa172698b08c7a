"""Foreign HTML of newsletters made safe to show to anybody, once."""

import nh3

from alerts.sources.html_text import SCHEMES
from alerts.sources.issue_reader import read_html
from alerts.sources.issue_text import is_plain, read_text

KEPT = {"p", "br", "a", "em", "strong", "ul", "ol", "li", "blockquote"}
KEPT_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}


def cleaned(source: str, base_url: str = "") -> str:
    """HTML or plain text of a newsletter as HTML that may be shown; the same for what was cleaned before.

    Paragraphs, lists, quotations and links are left; a heading is a bold paragraph. Pictures, styles and whatever is
    hidden are gone, and so are the links meant for one reader. `base_url` completes relative links. A link whose text
    names another host shows the real one.
    """
    blocks = read_text(source) if is_plain(source) else read_html(source, base_url)
    return safe("".join(block.html for block in blocks))


def safe(clean_html: str) -> str:
    """HTML of blocks once more through the sieve, which alone is what nothing unsafe gets through."""
    return nh3.clean(
        clean_html,
        tags=KEPT,
        attributes=KEPT_ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )
