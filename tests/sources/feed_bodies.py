"""Bodies of feeds, made by hand: small good ones, and the ones that somebody means harm with."""

ADDRESS = "https://oak.example/feeds/news.xml"


def rss(*items: str, head: str = "") -> str:
    """An RSS 2.0 feed of these items."""
    channel = f"<title>Oak Street News</title><link>https://oak.example/</link>{head}{''.join(items)}"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {NAMESPACES}><channel>{channel}</channel></rss>'


def atom(*entries: str) -> str:
    """An Atom feed of these entries."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Oak Street</title>{"".join(entries)}</feed>'


def item(title: str = "The bridge reopens", **fields: str) -> str:
    """One RSS item; a field `dc_creator` becomes `dc:creator`."""
    inner = "".join(f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>" for name, value in fields.items())
    return f"<item><title>{title}</title>{inner}</item>"


NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "a10": "http://www.w3.org/2005/Atom",
    }.items()
)
