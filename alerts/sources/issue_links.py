"""Links of newsletters: personal ones found, others freed of what tells who reads, and shown for what they are."""

import re
from functools import cache
from html import unescape
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

LONGEST = 2000
FOLLOWED = {"http", "https", "mailto"}
UNFILLED = ("*|", "[[", "{{", "%%", "<%")
"""What stands where a mailing program would have put a reader's own address."""
TRACKERS = re.compile(
    r"(?:utm_\w+|mc_[ce]id|fbclid|gclid|msclkid|igshid|igsh|sfmc_id|et_rid|mkt_tok|_hs(?:enc|mi)|vero_id"
    r"|ck_subscriber_id|subscriber_?id|recipient_?id)=",
    re.IGNORECASE,
)
MAILCHIMP = ("list-manage.com", "campaign-archive.com", "mailchi.mp")
PERSONAL_SITES = re.compile(r"(?:^|\.)(?:forward-to-friend\d*\.com|forwardtofriend\.com)$")
PERSONAL_PATH = re.compile(
    r"/(?:unsub|unsubscribe|opt-?out|disable_email|(?:e-?mail|manage|subscription|update)[-_]?preferences"
    r"|preference-?cent(?:er|re))(?:[/.]|$)",
    re.IGNORECASE,
)
PERSONAL_PATH_OF_MAILCHIMP = re.compile(r"/(?:unsubscribe|profile|vcard|abuse)\b")
PERSONAL_MAIL = re.compile(r"unsub|opt-?out", re.IGNORECASE)
PERSONAL_WORDS = re.compile(
    r"""\W*(?:(?:please\ |you\ can\ )?click\ here\ to\ |to\ )?(?:
        unsubscribe | opt[ -]?out | report\ (?:abuse|spam)
      | (?:update|change|manage|edit)\ (?:my\ |your\ )?(?:e-?mail\ |subscription\ )?
        (?:preferences|profile|subscriptions?|settings)
      | (?:e-?mail|subscription)\ preferences
      | (?:view|read|see|open)\ (?:this\ |the\ |it\ )?(?:e-?mail\ |message\ |newsletter\ |issue\ )?
        (?:in\ (?:your|a|the)\ (?:web\ ?)?browser | in\ browser | online | on\ the\ web | as\ a\ web\ ?page)
      | (?:view\ )?(?:web|browser|online)\ version | web\ view
      | forward\ (?:this\ |the\ )?(?:e-?mail\ |newsletter\ |issue\ )?to\ a\ (?:friend|colleague)
    )(?:\ (?:here|now|instantly|at\ any\ time|from\ (?:this|our|the|all)(?:\ mailing)?\ (?:lists?|e-?mails?)))*\W*""",
    re.IGNORECASE | re.VERBOSE,
)
SITE = re.compile(r"(?<![@\w.-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w@-])", re.IGNORECASE)
READ_MORE = re.compile(
    r"""\W*(?:(?:please\ )?(?:click\ here\ to\ )?
        (?:read|see|view|get)\ (?:it\ |on|more|all\ about\ it|the\ (?:full\ |whole\ |rest\ of\ the\ )?
            (?:story|article|report|post|piece|blog|news))(?:\ here|\ online)?
      | continue\ reading | (?:the\ )?full\ (?:story|article|report|post) | find\ out\ more | learn\ more | more
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
WEB_LINK = re.compile(r'<a href="(https?://[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
BARE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def followable(href: str, base_url: str = "") -> str:
    """The absolute address of a link without what tells who reads; '' if a reader cannot follow it."""
    href = "".join(href.split())
    if not href or len(href) > LONGEST or any(mark in href for mark in UNFILLED):
        return ""
    try:
        parts = urlsplit(urljoin(base_url, href))
        reachable = parts.scheme in FOLLOWED and (parts.scheme == "mailto" or bool(parts.hostname))
    except ValueError:
        return ""
    return urlunsplit(_anonymous(parts)) if reachable else ""


def is_personal(href: str, text: str) -> bool:
    """Whether a link is meant for one reader: to unsubscribe, change settings, forward, or see this very mail."""
    if PERSONAL_WORDS.fullmatch(" ".join(text.split())):
        return True
    try:
        parts = urlsplit(href.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(PERSONAL_MAIL.search(href))
    of_mailchimp = _is_mailchimp(host) and PERSONAL_PATH_OF_MAILCHIMP.match(parts.path)
    return bool(of_mailchimp or PERSONAL_SITES.search(host) or PERSONAL_PATH.search(parts.path) or "UNSUB" in href)


def real_host(href: str, text: str) -> str:
    """The host a link leads to, where its text names another one and not this; else ''."""
    if "." not in text:
        return ""
    shown = {_site(match.group().lower()) for match in SITE.finditer(text)} - {None}
    host = (urlsplit(href).hostname or "").lower()
    if not shown or not host or (_site(host) or host) in shown or host in text.lower():
        return ""
    return host


def scrubbed(text: str) -> str:
    """Text whose bare addresses tell nothing of who reads; personal ones are gone."""
    if "://" not in text:
        return text
    return BARE.sub(lambda bare: "" if is_personal(bare[0], "") else followable(bare[0]) or bare[0], text)


def own_address(title_html: str, title: str, whole_html: str) -> str:
    """An item's own address, from clean HTML: its title's, or the one there is to read more; '' if not just one."""
    of_title = {unescape(href) for href, words in WEB_LINK.findall(title_html) if _bare(words) == title}
    to_more = {unescape(href) for href, words in WEB_LINK.findall(whole_html) if READ_MORE.fullmatch(_bare(words))}
    return next((found.pop() for found in (of_title, to_more) if len(found) == 1), "")


def _bare(words_html: str) -> str:
    return " ".join(unescape(TAG.sub("", words_html)).split())


def _anonymous(parts: SplitResult) -> SplitResult:
    """The address without the parameters that follow a reader, and without a name to log in with."""
    own = _is_mailchimp((parts.hostname or "").lower())
    kept = [one for one in parts.query.split("&") if not TRACKERS.match(one) and not (own and one.startswith("e="))]
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="&".join(kept))


def _is_mailchimp(host: str) -> bool:
    return any(host == site or host.endswith("." + site) for site in MAILCHIMP)


def _site(host: str) -> str | None:
    """The registrable name a host belongs to; None where it cannot be one."""
    return _suffixes().privatesuffix(host)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)
