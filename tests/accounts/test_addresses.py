"""Which addresses we accept, and the one spelling we keep."""

import pytest

from accounts import addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana.Keller@Example.ORG", "ana.keller@example.org"),
        ("  ana@example.org\n", "ana@example.org"),
        ("o'brien+hark@nhs.example", "o'brien+hark@nhs.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@EXAMPLE。org", "ana@example.org"),
    ],
)
def test_accepted(typed, kept):
    assert addresses.canonical(typed) == kept
    assert addresses.canonical(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ana@localhost",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@e.org\nBcc: b@e.org",
        "a@e.org, b@e.org",
        "a@e.org b@e.org",
        "Ana <ana@example.org>",
        "group: a@e.org;",
        "mıke@example.org",
        '"quoted local"@example.org',
        "ana..k@example.org",
        "a" * 65 + "@example.org",
        "ana@" + "a" * 64 + ".org",
        "ana@example.org\x00",
        "ana@exa mple.org",
        "=?utf-8?q?ana?=@example.org@",
    ],
)
def test_refused_with_what_to_type_instead(typed):
    with pytest.raises(addresses.AddressError, match=r"like name@example\.com"):
        addresses.canonical(typed)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("ana+news@example.org", "ana@example.org"),
        ("a.n.a+x@googlemail.com", "ana@gmail.com"),
        ("a.n.a@example.org", "a.n.a@example.org"),
    ],
)
def test_one_mailbox_counts_once(address, key):
    assert addresses.abuse_key(address) == key


def test_pages_show_a_masked_address():
    assert addresses.masked("someone@example.org") == "s…e@example.org"
    assert addresses.masked("ab@example.org") == "a…@example.org"
