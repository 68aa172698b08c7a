"""Slips in the domain of an address: what is asked about, and above all what never is."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.addresses import canonical
from accounts.slips import INSTEAD, WELL_KNOWN, likely, likely_domain

SLIPS = {
    "a letter left out": {"gmal.com": "gmail.com", "outlok.com": "outlook.com", "parliment.uk": "parliament.uk"},
    "a letter doubled": {"gmaill.com": "gmail.com", "nhhs.net": "nhs.net", "hottmail.co.uk": "hotmail.co.uk"},
    "a letter too many": {"gmaikl.com": "gmail.com", "btinterenet.com": "btinternet.com"},
    "two letters swapped": {"gmial.com": "gmail.com", "hotmial.com": "hotmail.com", "nsh.net": "nhs.net"},
    "a wrong letter": {"gmsil.com": "gmail.com", "out1ook.com": "outlook.com", "yajoo.co.uk": "yahoo.co.uk"},
    "half of com": {"gmail.co": "gmail.com", "hotmail.cm": "hotmail.com", "icloud.om": "icloud.com"},
    "an ending there is not": {
        "nhs.ent": "nhs.net",
        "gmail.con": "gmail.com",
        "charity.example.og": "charity.example.org",
    },
    "an ending of two parts": {
        "hotmail.couk": "hotmail.co.uk",
        "hotmail.co.u": "hotmail.co.uk",
        "yahoo.co.ik": "yahoo.co.uk",
    },
    "the ending of others": {"gmail.co.uk": "gmail.com", "nhs.co.uk": "nhs.net", "parliament.gov.uk": "parliament.uk"},
    "an ending of the state": {
        "wick.gov.co.uk": "wick.gov.uk",
        "wick.gv.uk": "wick.gov.uk",
        "wick.govuk": "wick.gov.uk",
        "trust.nhs.co.uk": "trust.nhs.uk",
        "trust.nhs.ik": "trust.nhs.uk",
    },
    "the ending and a letter": {"gmial.con": "gmail.com", "gmai.lcom": "gmail.com"},
}
RIGHT = {
    "other providers": "rocketmail.com me.com mac.com pm.me mail.co.uk gmx.co.uk gmx.net zoho.com virgin.net",
    "providers near others": "mail.com email.com ymail.com gmx.com gmx.de zmail.com aim.com em.com hotmail.fr",
    "names near others": "cloud.com parliament.lk live.co aol.co me.co wick.co yahoo.co.in fastmail.com",
    "the health service": "nhs.uk nhs.scot wales.nhs.uk trust.nhs.uk england.nhs.uk nhs.ne",
    "the state": "gov.uk gov.scot gov.wales wick.gov.uk dft.gov.uk dfe.gov.uk mod.uk met.police.uk x.gov.ua go.uk",
    "endings there are": "ox.ac.uk wick.org.uk wick.org wick.coop wick.eu wick.de wick.io wick.cymru wick.xn--p1ai",
    "endings unlike any": "coast.example localhost.localdomain",
}


@pytest.mark.parametrize(
    ("typed", "meant"), [pair for slips in SLIPS.values() for pair in slips.items()], ids=lambda domain: domain
)
def test_a_slip_is_asked_about(typed, meant):
    assert likely_domain(typed) == meant
    assert likely(f" First.Last+hark@{typed.upper()} ") == f"First.Last+hark@{meant}", "the rest is as it was typed"


@pytest.mark.parametrize("domain", " ".join(RIGHT.values()).split())
def test_what_may_be_right_is_never_asked_about(domain):
    assert likely(f"name@{domain}") == ""


@pytest.mark.parametrize("domain", WELL_KNOWN)
def test_no_listed_domain_is_asked_about(domain):
    assert likely_domain(domain) == ""


def test_what_is_listed_are_domains_of_mail():
    for domain in (*WELL_KNOWN, *(typed for slips in INSTEAD.values() for typed in slips)):
        assert canonical(f"name@{domain}") == f"name@{domain}"


def test_whatever_is_meant_instead_is_well_known():
    assert set(INSTEAD) <= set(WELL_KNOWN)
    assert not {typed for slips in INSTEAD.values() for typed in slips} & set(WELL_KNOWN)


@pytest.mark.parametrize("typed", ["", "name", "@", "name@", "name@gmial", "a@b@gmial.con", "name@gmial..com"])
def test_what_is_no_address_is_not_asked_about(typed):
    assert likely(typed) == ""


@st.composite
def slipped(draw) -> tuple[str, str]:
    """A well-known domain of a long name, and the same with one slip in that name, after its first letter."""
    known = draw(st.sampled_from([domain for domain in WELL_KNOWN if len(domain.partition(".")[0]) >= 5]))
    name, dot, ending = known.partition(".")
    at, letter = draw(st.integers(1, len(name) - 1)), draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    kinds = {
        "left out": name[:at] + name[at + 1 :],
        "too many": name[:at] + letter + name[at:],
        "wrong": name[:at] + letter + name[at + 1 :],
        "swapped": name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
    }
    return known, kinds[draw(st.sampled_from(sorted(kinds)))] + dot + ending


@given(slipped())
def test_any_one_slip_in_a_long_name_is_asked_about(pair):
    known, typed = pair
    assume(typed not in WELL_KNOWN)
    assert likely_domain(typed) == known


@given(st.from_regex(r"[a-z]{1,9}(\.[a-z]{1,5}){1,3}", fullmatch=True) | slipped().map(lambda pair: pair[1]))
def test_what_is_meant_is_never_asked_about_in_its_turn(typed):
    meant = likely_domain(typed)
    assert meant != typed
    assert not meant or likely_domain(meant) == ""
