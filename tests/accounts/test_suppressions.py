"""Whom we must not write to."""

from datetime import UTC, datetime

import pytest

from accounts import suppressions

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ADDRESS = "someone@example.org"


def test_a_new_token_key_lets_nobody_be_written_to_who_asked_us_not_to(settings):
    suppressions.suppress(ADDRESS, "blocked", NOW)
    settings.TOKEN_KEYS_BEFORE, settings.TOKEN_KEY = [settings.TOKEN_KEY], "a-new-one"
    assert suppressions.suppressed(ADDRESS)


def test_of_many_addresses_those_that_are_suppressed_are_named():
    suppressions.suppress(ADDRESS, "blocked", NOW)
    assert suppressions.suppressed_among([ADDRESS, "other@example.org"]) == {ADDRESS}
    assert suppressions.suppressed_among([]) == set()
