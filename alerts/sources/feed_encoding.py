"""The bytes of a feed made into text, whatever encoding they claim to be in.

Declared and real encodings differ in the wild, both ways. What bytes are is believed in this order: a byte order mark
or the zeros of UTF-16 and UTF-32, UTF-8 where it fits, the charset of the response, the XML declaration, Windows-1252.
"""

import codecs
import re
from contextlib import suppress
from encodings import normalize_encoding
from encodings.aliases import aliases

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Which of the first four bytes are zero: a feed begins with "<" or a blank and another sign of ASCII.
ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
# What is called Latin-1 or ASCII is in truth the superset of it that Windows writes; so with the Chinese ones.
MEANT = {"ascii": "cp1252", "latin_1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
WESTERN = {f"iso8859_{part}" for part in range(2, 17) if part != 12} | {f"cp125{page}" for page in range(9)}
EASTERN = {"koi8_r", "koi8_u", "gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"}
BELIEVED = WESTERN | EASTERN
# All that is ever needed, for who has to load it beforehand.
CODECS = BELIEVED | set(MARKS.values())
NAME = r"""["']?([A-Za-z0-9._:-]{1,40})"""
CHARSET = re.compile(rf"charset\s*=\s*{NAME}", re.IGNORECASE)
DECLARED = re.compile(rf"\A\s*<\?xml[^>]{{0,200}}?encoding\s*=\s*{NAME}".encode())
# What no XML may hold, plain or as a reference; WordPress lets both through and a strict parser stops at either.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));?")


def text_of(body: bytes, content_type: str = "") -> str:
    """The text of a body without a byte order mark, blanks around it, or anything that is no character of XML."""
    text = ILLEGAL.sub("", _decoded(body, content_type))
    return REFERENCE.sub(_legal, text).strip("\ufeff \t\r\n")


def _decoded(body: bytes, content_type: str) -> str:
    if name := _seen(body):
        return body.decode(name, "replace")
    try:
        # Not final: a character cut through at the end of a truncated body says nothing about the rest.
        return codecs.utf_8_decode(body, "strict", False)[0]
    except UnicodeDecodeError:
        mostly = body.decode("utf-8", "replace")
    if _is_mostly_right(mostly):
        return mostly
    for name in (_believed(CHARSET.search(content_type)), _believed(DECLARED.match(body))):
        if name:
            with suppress(UnicodeError):
                return body.decode(name)
    return body.decode("cp1252", "replace")


def _seen(body: bytes) -> str | None:
    """The encoding that the first bytes show."""
    marked = next((name for mark, name in MARKS.items() if body.startswith(mark)), None)
    return marked or ZEROS.get(tuple(byte == 0 for byte in body[:4]))


def _is_mostly_right(text: str) -> bool:
    """Whether a text decoded as UTF-8 is that but for a few stray bytes."""
    wrong = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii - wrong > 4 * wrong


def _believed(said: re.Match | None) -> str | None:
    """The codec for an encoding that somebody declared; None where nobody did, or an unlikely one."""
    if said is None:
        return None
    name = normalize_encoding(said[1]).lower()
    name = aliases.get(name, name)
    name = MEANT.get(name, name)
    return name if name in BELIEVED else None


def _legal(reference: re.Match) -> str:
    decimal, hexadecimal = reference.groups()
    digits = (decimal or hexadecimal).lstrip("0") or "0"
    code = int(digits, 10 if decimal else 16) if len(digits) <= 7 else 0
    legal = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if legal else ""
