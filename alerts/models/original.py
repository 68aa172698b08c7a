"""Where an item of a newsletter stands at its source."""

from urllib.parse import urlsplit

from alerts.models.issue import Issue
from alerts.models.item import Item


def original(told: Item) -> str:
    """Where a newsletter's item stands at its source, or else its issue; '' where it has no address on the web.

    Without the marks that count whom a campaign brought: nobody counts our readers.
    """
    addresses = (told.url, told.issue.url if told.issue else "")
    found = next((url for url in addresses if url.startswith(("https://", "http://")) and host(url)), "")
    parts = urlsplit(found)
    return parts._replace(query="&".join(p for p in parts.query.split("&") if not p.startswith("utm_"))).geturl()


def own_link(told: Item) -> str:
    """The same where no other item stands: '' for one of several of an issue, whose address is theirs together."""
    is_split = told.issue is not None and told.issue.rule != Issue.Rule.WHOLE
    return "" if is_split else original(told)


def host(url: str) -> str:
    """The name of the machine a link leads to, as people say it: without `www.`; '' for what leads nowhere."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
