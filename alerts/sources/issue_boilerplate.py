"""What stands around the items of an issue and is none of them: mastheads, greetings, tables of contents, footers."""

import re

from alerts.sources.issue_blocks import Block, BlockKind

MONTH = r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
NAMES_ITSELF = re.compile(
    rf"\b(?:newsletter|bulletin|e-?news|round-?up|digest|edition|issue\ (?:no\.?\ |number\ |\#)?\d+"
    rf"|vol(?:ume|\.)\ \d+|(?:{MONTH})\ 20\d\d)\b|^\W*(?:\d{{1,2}}(?:st|nd|rd|th)?\ )?(?:{MONTH})\b[\d,\ ]*$",
    re.IGNORECASE | re.VERBOSE,
)
GREETING = re.compile(r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|greetings)\b", re.IGNORECASE)
CONTENTS = re.compile(
    r"""\W*(?:(?:table\ of\ )?contents|(?:what.s\ )?(?:inside|in)\ (?:this|our|the)\ (?:\w+\ )?
    (?:issue|edition|newsletter|bulletin|update|e-?mail)|what.s\ inside|this\ issue|jump\ to|quick\ links)\W*""",
    re.IGNORECASE | re.VERBOSE,
)
FOOT = re.compile(
    r"""©|\(c\)\ 20\d\d|\bcopyright\ (?:©\ )?20|all\ rights\ reserved
    |e-?mail\ (?:has\ been|was|is)\ sent\ (?:to|by)
    |you\W?(?:re|\ are|\ have\ been|\ have)?\ (?:receiv|getting|got)\w*\ this
    |you\ (?:have\ )?(?:signed\ up|subscribed|opted\ in)|want\ to\ change\ how\ you|why\ (?:did\ i|am\ i)\ get
    |(?:mailing|postal)\ address\b|p\.?o\.?\ box\ \d|registered\ (?:charity|office|in\ england|company)
    |(?:charity|company)\ (?:no\b|number|registration)|\b501\(c\)|unsubscribe|privacy\ (?:policy|notice)
    |^\W*(?:follow|find|join|connect\ with|like)\ us\b|powered\ by|address\ book
    |^\W*(?:(?:facebook|twitter|x|instagram|linkedin|youtube|bluesky|mastodon|threads|tiktok|website|e-?mail|share
      |tweet|forward|pin)\W+)*(?:facebook|twitter|x|instagram|linkedin|youtube|bluesky|mastodon|website|share|forward)\W*$
    |^\W*donate(?:\ (?:now|today|here))?\W*$|\byour\ donations?\ (?:will\ )?(?:help|support|fund)s?\b
    |^\W*become\ an?\ (?:monthly\ |regular\ )?(?:supporter|donor|member)\b|donations\ are\ the\ best\ way
    |\b(?:able\ to|now)\ accept\ donations\b|\bset\ up\ a\ (?:monthly|regular)\ donation\b
    |(?:contributions|donations|gifts)\b.{0,60}\bdeductible|^\W*support\ (?:us|our\ work)\W*$
    |\b[a-z]{1,2}\d[a-z\d]?\ \d[a-z]{2}\W*$|,\ [A-Z]{2}\ \d{5}\b""",
    re.IGNORECASE | re.VERBOSE,
)
FOOT_WORDS = 60
BIT_WORDS = 6
"""Words of a block that belongs to a footer only because it stands within one: a name, a street."""
FOOT_BLOCKS = 30
MASTHEAD_BLOCKS = 4
MASTHEAD_WORDS = 10
TAGLINE_WORDS = 25
GREETING_WORDS = 12
CONTENTS_SHARE = 0.6


def without_footer(blocks: list[Block]) -> list[Block]:
    """The blocks up to the footer: address, settings, networks, appeal for money."""
    cut = at = len(blocks)
    while at > max(0, len(blocks) - FOOT_BLOCKS):
        at -= 1
        if _is_foot(blocks[at]):
            cut = at
        elif blocks[at].words > BIT_WORDS or blocks[at].kind == BlockKind.LIST:
            break
    while 0 < cut < len(blocks) and blocks[cut - 1].kind == BlockKind.HEADING:
        cut -= 1
    return blocks[:cut] if cut else blocks


def without_masthead(blocks: list[Block], title: str) -> list[Block]:
    """The blocks after the newsletter's own name, number and date, its motto, and a greeting."""
    named = [at for at, block in enumerate(blocks[:MASTHEAD_BLOCKS]) if _is_name(block, title)]
    start = 0
    if named and all(block.words <= TAGLINE_WORDS for block in blocks[: named[-1]]):
        start = named[-1] + 1
        if start < len(blocks) and _is_motto(blocks[start], blocks[start - 1]):
            start += 1
    while start < len(blocks) and _is_greeting(blocks[start]):
        start += 1
    return blocks[start:]


def without_contents(blocks: list[Block], titles: set[str]) -> list[Block]:
    """The blocks without a table of contents: its heading with lists or links, or a list of the items' `titles`."""
    kept: list[Block] = []
    after_heading = False
    for block in blocks:
        if CONTENTS.fullmatch(block.line):
            after_heading = True
        elif not (block.kind == BlockKind.LIST or block.is_link) or not (after_heading or _lists(block, titles)):
            after_heading = False
            kept.append(block)
    return kept


def _is_foot(block: Block) -> bool:
    return block.words <= FOOT_WORDS and bool(FOOT.search(block.line))


def _is_name(block: Block, title: str) -> bool:
    """Whether a block is the newsletter's name or number, or the issue's title once more."""
    if block.kind == BlockKind.LIST or block.words > MASTHEAD_WORDS:
        return False
    is_title = bool(title) and block.line.casefold() == " ".join(title.split()).casefold()
    return is_title or bool(NAMES_ITSELF.search(block.line))


def _is_motto(block: Block, name: Block) -> bool:
    """Whether a block right after the name, in the same block of the mailing program, is what they always say."""
    is_beside = block.mailer is not None and block.mailer == name.mailer
    return is_beside and block.words <= TAGLINE_WORDS and not (block.is_bold or block.is_link)


def _is_greeting(block: Block) -> bool:
    return block.words <= GREETING_WORDS and bool(GREETING.match(block.line))


def _lists(block: Block, titles: set[str]) -> bool:
    """Whether a list is mostly of the titles that come later."""
    lines = [line.lstrip("•0123456789. ").casefold() for line in block.text.split("\n")]
    return sum(line in titles for line in lines) >= CONTENTS_SHARE * len(lines)
