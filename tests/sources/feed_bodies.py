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


def with_doctype(declarations: str, body: str, between: str = "\n") -> str:
    """A feed whose document type declares something."""
    head, _, rest = body.partition("\n")
    return f"{head}{between}<!DOCTYPE rss [{declarations}]>\n{rest}"


LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
LAUGHING = rss(item("&a9;"))
SWOLLEN = with_doctype(f'<!ENTITY big "{"x" * 100_000}">', rss(item("&big;" * 1_000)))
LAUGHTER = {
    "a billion laughs on a line of their own": with_doctype(LAUGHS, LAUGHING),
    "a billion laughs on the line of the declaration": with_doctype(LAUGHS, LAUGHING, between=""),
    "a billion laughs after a comment": with_doctype(LAUGHS, LAUGHING, between="<!-- <a -->"),
    "a billion laughs without a declaration": with_doctype(LAUGHS, LAUGHING)[len(LAUGHING.partition("\n")[0]) :],
    "one entity of 100 kB a thousand times": SWOLLEN,
}

# What takes the parser minutes: it looks at every pair of attributes, of letters before an @, and of blank lines.
ENDLESS = {
    "50,000 attributes": rss("<item " + " ".join(f"a{number}='1'" for number in range(50_000)) + "/>"),
    "an author of 300,000 letters": rss(item(dc_creator="x" * 300_000)),
    "300,000 blank lines before the feed": rss().replace("\n", "<!--" + "\n" * 300_000 + "-->", 1),
}

# What it gets through, in seconds or before it needs too much memory.
HEAVY = {
    "100,000 items": rss(item(guid="oak") * 100_000),
    "a million items": rss("<item/>" * 1_000_000),
    "100,000 levels": rss("<a>" * 100_000 + "</a>" * 100_000),
    "100,000 levels that never end": rss("<item>" + "<a>" * 100_000),
    "100,000 items within items": rss("<item>" * 100_000),
    "200,000 angles": rss("<" * 200_000),
    "200,000 ampersands": rss(item("&" * 200_000)),
    "200,000 comments that never end": rss("<!--" * 200_000),
    "CDATA that never ends": rss("<item><title><![CDATA[" + "x" * 1_000_000),
    "attributes by default": with_doctype(
        f'<!ATTLIST oak a CDATA "{"x" * 100_000}">', rss("<item>" + "<oak/>" * 10_000 + "</item>")
    ),
    "10 MB of HTML": rss(*(item(content_encoded=f"<![CDATA[{'<p>oak</p>' * 2_000}]]>") for _ in range(490))),
}
