"""A signed link does what its scope says, for its row, in its time, and nothing else."""

import datetime
import subprocess
import sys
import uuid

import pytest

from accounts import tokens
from config.processes import ROOT

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


def test_a_new_key_signs_and_those_of_before_still_open_what_they_signed(settings):
    old = tokens.make("unsub", ROW, NOW)
    oldest_first = [settings.TOKEN_KEY]
    for key in ("newer", "newest"):
        settings.TOKEN_KEYS_BEFORE, settings.TOKEN_KEY = oldest_first[::-1], key
        oldest_first.append(key)
    new = tokens.make("unsub", ROW, NOW)
    assert new != old
    assert tokens.read(old, "unsub", NOW).uuid == tokens.read(new, "unsub", NOW).uuid == ROW
    settings.TOKEN_KEYS_BEFORE = ["newer"]
    with pytest.raises(tokens.BadToken):
        tokens.read(old, "unsub", NOW)


def test_a_new_key_forgets_no_suppressed_address():
    """Read as the settings read it: the key of the addresses is the oldest unless it has one of its own."""
    code = "from config import settings; print(settings.ADDRESS_KEY, settings.TOKEN_KEYS_BEFORE)"
    known = {"HARK_SECRET_KEY": "x", "PYTHONPATH": str(ROOT)}
    for given, key in [
        ({"HARK_TOKEN_KEY": "old"}, "old []"),
        ({"HARK_TOKEN_KEY": "old", "HARK_TOKEN_KEYS_BEFORE": ""}, "old []"),
        ({"HARK_TOKEN_KEY": "new", "HARK_TOKEN_KEYS_BEFORE": "old"}, "old ['old']"),
        ({"HARK_TOKEN_KEY": "newer", "HARK_TOKEN_KEYS_BEFORE": "new,old"}, "old ['new', 'old']"),
        ({"HARK_TOKEN_KEY": "new", "HARK_ADDRESS_KEY": "old"}, "old []"),
    ]:
        done = subprocess.run([sys.executable, "-c", code], env=known | given, capture_output=True, text=True)
        assert done.stdout == f"{key}\n", done.stderr


def test_another_key_makes_another_token(settings):
    token = tokens.make("unsub", ROW, NOW)
    settings.TOKEN_KEY = "another"
    with pytest.raises(tokens.BadToken):
        tokens.read(token, "unsub", NOW)


def test_a_seal_opens_for_its_own_row_alone_and_with_keys_of_before(settings):
    mine, other = uuid.uuid4(), uuid.uuid4()
    seal = tokens.sealed("someone@example.org", mine)
    assert tokens.opened(seal, mine) == "someone@example.org"
    for forged, row in ((seal, other), (seal[:-1], mine), ("", mine), ("x.y", mine)):
        with pytest.raises(tokens.BadToken):
            tokens.opened(forged, row)
    settings.TOKEN_KEYS_BEFORE, settings.TOKEN_KEY = [settings.TOKEN_KEY], "another"
    assert tokens.opened(seal, mine) == "someone@example.org"
