"""Random queries and documents over few words, so that they often meet."""

from hypothesis import strategies as st

from alerts.query import About, And, Cased, Document, Field, In, Near, Not, Or, Phrase, Prefix, Term

WORDS = (
    *("baby", "babies", "safe", "safety", "safely", "neonatal", "unit", "united", "ward", "wards"),
    *("the", "and", "4.5", "19", "obrien", "ete", "日本"),
)
STARTS = ("bab", "safe", "safet", "uni", "war", "obr", "neonatal")
CAPITALS = ("Baby", "SAFE", "Unit", "UNITED", "O'Brien", "Été", "Ward's")
NAMES = ("Ada Ward", "Unit Safe", "Ward", "Department of Safety", "Ministry of Baby Safety", "DBS")

words = st.sampled_from(WORDS)
prefixes = st.builds(Prefix, st.sampled_from(STARTS))
phrases = st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(tuple)) | st.builds(
    Phrase, st.lists(words | prefixes, min_size=2, max_size=3).map(tuple)
)
spellings = st.sampled_from(("Baby", "SAFE", "Unit", "united", "OBrien", "Ete"))
cased = st.builds(Cased, st.lists(spellings, min_size=1, max_size=2).map(tuple))
finding = st.builds(Term, words) | prefixes | phrases | cased
sides = finding | st.lists(finding, min_size=2, max_size=3).map(tuple).map(Or)
nears = st.builds(Near, st.tuples(sides, sides), st.integers(1, 10))
values = {
    "type": (("question",), ("newsletter",)),
    "house": (("commons",), ("lords",)),
    "status": (("tabled",), ("answered",), ("corrected",), ("withdrawn",)),
    "dept": (("safety",), ("baby", "safety"), ("dbs",), ("ward",)),
} | dict.fromkeys(("asked", "answered", "source", "party"), (("ada", "ward"), ("ward",), ("safe",), ("safe", "unit")))
fields = st.sampled_from([Field(name, value) for name, given in values.items() for value in given])
leaves = finding | nears | fields


def _joined(trees):
    parts = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, trees) | st.builds(In, zones, trees)


zones = st.sampled_from(("heading", "question", "answer", "text"))
trees = st.recursive(leaves, _joined, max_leaves=8)
texts = st.lists(words | st.sampled_from(CAPITALS) | st.just("\n"), max_size=12).map(" ".join)
names = st.sampled_from(("", *NAMES))
abouts = st.builds(
    About,
    type=st.sampled_from(("", "question", "newsletter")),
    house=st.sampled_from(("", "Commons", "Lords")),
    source=names,
    status=st.sampled_from(("", "tabled", "answered", "corrected", "withdrawn", "published")),
    departments=st.lists(names, max_size=3).map(tuple),
    asked=names,
    answered=names,
    party=st.lists(names, max_size=2).map(tuple),
)
documents = st.builds(Document.from_zones, heading=texts, question=texts, answer=texts, text=texts, about=abouts)
