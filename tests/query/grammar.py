"""Random queries over the whole grammar, and documents over the same few words and names, so that they often meet."""

from hypothesis import strategies as st

from alerts.query import About, Document
from alerts.query.analysis import STOP_WORDS, fold

# Shared stems, accents, capitals and signs.
WORDS = (
    *("baby", "Babies", "safety", "safe", "Safe", "Siân", "café", "cafe\u0301", "long-term", "term", "A&E", "the"),
    *("O’Brien", "obrien", "1,000", "4.5", "children’s", "children", "plan", "Plan", "PLAN", "IT", "people¹"),
    *("½", "ﬁsh", "soft\u00adly", "STRAẞE"),
)
SEPARATORS = (" ", "\n", ", ", ". ", "\u00a0", " – ", " “", "” ", "\n\n")
STARTS = ("bab*", "Saf*", "chil*", "cafe*", "long-ter*", '"long te*"', '"long term*"', '"pla* Safe"')
CAPITALS = ("=Plan", "=PLAN", "=safe", "=IT", '="Safe Plan"', "=Siân", "=A&E", '="O’Brien"')
NAMES = ("Ada Marsh", "Marsh", "Weir", "Dept of Plans", "DWT")
DEPARTMENTS = ("Department of Plans", "Ministry of Safe Plans", "DWT", "Marsh")

text = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SEPARATORS)), max_size=30).map(
    lambda pairs: "".join(word + separator for word, separator in pairs)
)
abouts = st.builds(
    About,
    type=st.sampled_from(("question", "newsletter", "")),
    house=st.sampled_from(("commons", "lords", "")),
    source=st.sampled_from(NAMES),
    status=st.sampled_from(("tabled", "holding", "answered", "corrected", "withdrawn", "published")),
    departments=st.lists(st.sampled_from(DEPARTMENTS), max_size=2).map(tuple),
    asked=st.sampled_from(NAMES),
    answered=st.sampled_from(NAMES),
    party=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
)
documents = st.builds(Document.from_zones, heading=text, question=text, answer=text, text=text, about=abouts)

_plain = st.sampled_from([word for word in WORDS if fold(word) not in STOP_WORDS])
_quoted = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda parts: f'"{" ".join(parts)}"')
# A query can have three prefixes, so they have to be rare.
terms = st.one_of(_plain, _plain, _quoted, _quoted, st.sampled_from(CAPITALS), st.sampled_from(STARTS))

_sides = terms | st.lists(terms, min_size=2, max_size=3).map(lambda words: f"({' OR '.join(words)})")
_distances = st.sampled_from(("NEAR", "NEAR/1", "NEAR/3", "NEAR/5", "NEAR/50"))
near = st.tuples(_sides, _distances, _sides).map(" ".join)

_open_names = st.sampled_from(("asked:", "Answered:", "source:", "dept:", "party:"))
_values = st.sampled_from(("marsh", '"Ada Marsh"', '"Department of Plans"', '"safe plans"', "dwt", "Weir"))
_lists = st.tuples(_values, st.sampled_from((" OR ", " AND ", " NOT ", " -")), _values).map("".join)
fields = st.tuples(_open_names, _values | _lists.map(lambda names: f"({names})")).map("".join) | st.sampled_from(
    (
        *("type:question", "TYPE:newsletter", "house:lords", 'house:"Commons"', "status:answered", "status:tabled"),
        *("house:(lords OR commons)", "status:(holding OR corrected)", "-type:question"),
    )
)


def _grown(given: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    smaller = st.deferred(lambda: given)  # whose representation stays short, however deep it is
    joined = st.lists(smaller, min_size=2, max_size=4)
    links = st.sampled_from((" ", " AND ", " the ", ", ", " - ", " OR "))
    return (
        st.tuples(links, joined).map(lambda got: got[0].join(got[1]))
        | smaller.map(lambda inner: f"({inner})")
        | st.tuples(smaller, st.sampled_from([" NOT ", " -", " AND NOT "]), terms).map("".join)
        | st.tuples(smaller, st.sampled_from([" NOT (", " -("]), smaller, st.just(")")).map("".join)
        | smaller.map(lambda inner: f"NOT NOT ({inner})")
    )


_texts = st.recursive(terms | near, _grown, max_leaves=4)
_zones = st.sampled_from(("heading:", "Title:", "question:", "answer:", "text:"))
zoned = st.tuples(_zones, terms | near | _texts.map(lambda inner: f"({inner})")).map("".join)

#: Nearly all of them are valid; some have nothing that must be present, or a prefix too many.
queries = st.recursive(st.one_of(terms, terms, near, zoned, fields), _grown, max_leaves=8)

_PIECES = (
    *WORDS,
    *("AND", "OR", "NOT", " ", " ", "-", "(", ")", '"', "“", "*", "=", ":", "x:", "NEAR/5", "NEAR", "NEAR/", "\u200b"),
    *("\x00", "\ud800", "heading:", "text:(", "asked:", "dept:(", "house:lords", "bab*", "=(", "saf", "＊", "or", ","),
)
#: Any text at all, and pieces of queries in any order.
anything = st.text(max_size=60) | st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)
