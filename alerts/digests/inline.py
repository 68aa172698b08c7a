"""Styles for mail programs: the style element of an email written into each of its elements."""

from functools import cache

import css_inline


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


def inlined(html: str) -> str:
    """`html` with its styles inlined; the rules for the dark and for small screens stay in a style element."""
    return _inliner().inline(html)
