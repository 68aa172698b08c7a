"""Slips in the domain of an address, and what was likely meant: advice to who typed it, never a reason to refuse it."""

from functools import cache
from itertools import takewhile

from publicsuffixlist import PublicSuffixList

from accounts import addresses

WELL_KNOWN = (
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "live.co.uk"),
    *("msn.com", "yahoo.com", "yahoo.co.uk", "icloud.com", "aol.com", "protonmail.com", "proton.me"),
    *("btinternet.com", "virginmedia.com", "blueyonder.co.uk", "ntlworld.com", "talktalk.net", "tiscali.co.uk"),
    *("sky.com", "nhs.net", "parliament.uk", "parliament.scot", "senedd.wales", "cabinetoffice.gov.uk"),
    *("education.gov.uk", "homeoffice.gov.uk", "justice.gov.uk", "communities.gov.uk", "defra.gov.uk"),
    *("hmrc.gov.uk", "dhsc.gov.uk", "fcdo.gov.uk", "dwp.gov.uk", "mod.gov.uk"),
)
"""Where most people here have their address: what may be meant."""
INSTEAD = {
    "gmail.com": ("gmail.co.uk", "gmail.uk", "gmail.net", "gmail.org"),
    "googlemail.com": ("googlemail.co.uk",),
    "outlook.com": ("outlook.co.uk", "outlook.uk"),
    "hotmail.co.uk": ("hotmail.uk",),
    "yahoo.co.uk": ("yahoo.uk",),
    "icloud.com": ("icloud.co.uk", "icloud.uk"),
    "btinternet.com": ("btinternet.co.uk",),
    "ntlworld.com": ("ntlworld.co.uk",),
    "blueyonder.co.uk": ("blueyonder.com",),
    "tiscali.co.uk": ("tiscali.com",),
    "sky.com": ("sky.co.uk",),
    "nhs.net": ("nhs.co.uk", "nhs.com", "nhs.org", "nhs.org.uk", "nhs.gov.uk", "nhs.net.uk"),
    "parliament.uk": ("parliament.gov.uk", "parliament.co.uk", "parliament.org.uk", "parliament.com"),
}
"""What is typed for a domain with another's ending, and nobody has an address at."""
ENDINGS = ("com", "uk", "co.uk", "gov.uk", "org.uk", "ac.uk", "nhs.uk", "net", "org")
"""What an ending that does not exist is mended to."""
OF_THE_STATE = {".gov.co.uk": ".gov.uk", ".nhs.co.uk": ".nhs.uk"}
"""Endings that no department and no trust has."""
HALF_OF_COM = {"co", "cm", "om"}
"""Endings of countries that are typed for `com`."""
ENOUGH, LONG = 3, 5
"""Letters of a name whose slips are looked for at all, and of one too long to be like another by chance."""

_TYPED_FOR = {typed: meant for meant, slips in INSTEAD.items() for typed in slips}


def likely(typed: str) -> str:
    """The address that was likely meant by one that was typed; '' where that may well be right, or is no address."""
    try:
        domain = addresses.canonical(typed).rpartition("@")[2]
    except addresses.AddressError:
        return ""
    meant = likely_domain(domain)
    return f"{typed.strip().rpartition('@')[0]}@{meant}" if meant else ""


def likely_domain(domain: str) -> str:
    """The domain that was likely meant by a canonical one; '' where that may well be right."""
    ended = _with_an_ending_there_is(domain)
    near = next((known for known in WELL_KNOWN if _may_be_slip(ended, known)), "")
    meant = _TYPED_FOR.get(ended) or near or ended
    return meant if meant != domain else ""


def _with_an_ending_there_is(domain: str) -> str:
    rest, _, last = domain.rpartition(".")
    if _suffixes().publicsuffix(last) is None:
        return f"{rest}.{next((ending for ending in ENDINGS if _is_slip(last, ending)), last)}"
    for typed, meant in OF_THE_STATE.items():
        if domain.endswith(typed):
            return domain.removesuffix(typed) + meant
    name, _, second = rest.rpartition(".")
    if name and last == "uk" and second[0] == "g" and _is_slip(second, "gov"):
        return f"{name}.gov.uk"
    return domain


def _may_be_slip(typed: str, known: str) -> bool:
    """Whether it may be one, and no name of its own: these differ in the first letter, are short, or end elsewhere."""
    name, _, rest = known.partition(".")
    last, meant = typed.rpartition(".")[2], rest.rpartition(".")[2]
    if len(name) < ENOUGH or (last != meant and not (meant == "com" and last in HALF_OF_COM)):
        return False
    if _is_swapped(typed, known) or _is_doubled(typed, known):
        return True
    return len(name) >= LONG and typed[:1] == known[:1] and _is_slip(typed, known)


def _is_slip(typed: str, meant: str) -> bool:
    """Whether one letter is left out, too many, wrong, or swapped with the next."""
    typed_rest, rest = _from_where_they_differ(typed, meant)
    one_off = typed_rest[1:] == rest[1:] or typed_rest[1:] == rest or typed_rest == rest[1:]
    return typed != meant and (one_off or _is_swapped(typed, meant))


def _is_swapped(typed: str, meant: str) -> bool:
    typed_rest, rest = _from_where_they_differ(typed, meant)
    return len(rest) > 1 and typed_rest == rest[1] + rest[0] + rest[2:]


def _is_doubled(typed: str, meant: str) -> bool:
    typed_rest, rest = _from_where_they_differ(typed, meant)
    return bool(rest) and typed_rest[1:] == rest and meant.removesuffix(rest).endswith(typed_rest[0])


def _from_where_they_differ(typed: str, meant: str) -> tuple[str, str]:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False)))
    return typed[same:], meant[same:]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
