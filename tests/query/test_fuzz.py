"""The fuzz itself works: a few hundred tries of it, always the same."""

import pytest

from tests.query import fuzz, holds


def test_a_few_hundred_tries_keep_every_promise_and_many_of_them_find_something():
    tally = fuzz.run(1, lambda tries: tries < 400)

    assert tally.tries == 400
    assert tally.queries > 100
    assert tally.matches > 30


def test_a_broken_promise_is_told_with_its_seed_and_its_query(monkeypatch):
    def broken(tree, document):
        raise AssertionError("a mark lies beside its word")

    monkeypatch.setattr(holds, "highlights_lie_on_word_borders", broken)

    with pytest.raises(AssertionError, match=r"^seed 1, try \d+: '"):
        fuzz.run(1, lambda tries: tries < 400)
