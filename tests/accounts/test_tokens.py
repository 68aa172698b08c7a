"""A signed link does what its scope says, for its row, in its time, and nothing else."""

import datetime
import uuid

import pytest

from accounts import tokens

NOW = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
ROW = uuid.UUID("8d6e3f0a-1111-4222-8333-444455556666")


def test_a_token_says_whose_it_is_and_since_when():
    read = tokens.read(tokens.make("manage", ROW, NOW, version=3), "manage", NOW)
    assert (read.uuid, read.version, read.issued_at) == (ROW, 3, NOW)


def test_a_token_of_one_scope_opens_no_other():
    made = {scope: tokens.make(scope, ROW, NOW) for scope in tokens.SCOPES}
    for scope, token in made.items():
        for other in set(tokens.SCOPES) - {scope}:
            with pytest.raises(tokens.BadToken):
                tokens.read(token, other, NOW)


def test_a_manage_link_ends_after_thirty_days_and_still_says_whose_it_was():
    token = tokens.make("manage", ROW, NOW)
    with pytest.raises(tokens.ExpiredToken) as caught:
        tokens.read(token, "manage", NOW + datetime.timedelta(days=31))
    assert caught.value.token.uuid == ROW


def test_an_unsubscribe_link_never_ends():
    token = tokens.make("unsub", ROW, NOW)
    assert tokens.read(token, "unsub", NOW + datetime.timedelta(days=4000)).uuid == ROW


@pytest.mark.parametrize("position", range(0, 52, 3))
def test_changing_any_character_spoils_it(position):
    token = tokens.make("unsub", ROW, NOW)
    other = "A" if token[position] != "A" else "B"
    with pytest.raises(tokens.BadToken):
        tokens.read(token[:position] + other + token[position + 1 :], "unsub", NOW)


@pytest.mark.parametrize("junk", ["", "a", "é", "=" * 52, "%00", "A" * 52, "A" * 4000, "../../etc", "\ud800"])
def test_junk_is_no_token(junk):
    with pytest.raises(tokens.BadToken):
        tokens.read(junk, "unsub", NOW)


def test_another_key_makes_another_token(settings):
    token = tokens.make("unsub", ROW, NOW)
    settings.TOKEN_KEY = "another"
    with pytest.raises(tokens.BadToken):
        tokens.read(token, "unsub", NOW)
