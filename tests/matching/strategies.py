"""Random queries and texts over few words, so that they often meet."""

from hypothesis import strategies as st

from alerts.query import And, Document, Not, Or, Phrase, Term

WORDS = (
    *("baby", "babies", "safe", "safety", "safely", "neonatal", "unit", "united", "ward", "wards"),
    *("the", "and", "4.5", "19", "obrien", "ete", "日本"),
)

words = st.sampled_from(WORDS)
leaves = st.builds(Term, words) | st.lists(words, min_size=1, max_size=3).map(lambda run: Phrase(tuple(run)))


def _joined(trees):
    parts = st.lists(trees, min_size=2, max_size=3).map(tuple)
    return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, trees)


trees = st.recursive(leaves, _joined, max_leaves=8)
texts = st.lists(words | st.just("\n"), max_size=12).map(" ".join)
documents = st.builds(Document.from_zones, heading=texts, question=texts, answer=texts, text=texts)
