"""Clean plain text: what escaping, encodings and content systems leave behind goes, the words stay."""

import html
import re
import unicodedata

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u180e]")
SPACES = re.compile(r"\s+")
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
TAGS = re.compile(
    r"(?i)</?(?:a|p|b|i|u|em|strong|span|div|br|img|h[1-6]|ul|ol|li|figure|figcaption|blockquote|iframe|table|tr|td|code|"
    r"pre|sup|sub|script|style|font|center|small)\b[^<>]{0,2000}>"
)
SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?![\w:])")
WORDPRESS = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|vc_\w+|et_pb_\w+)\b[^\]]{0,500}\]")
MOJIBAKE = re.compile(
    "[\u00c2\u00c3\u00e2][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152"
    "\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
CLOSERS = "\"'”’»›)]}」』】）“"
TERMINALS = ".!?…。！？｡．؟۔।॥։።፧။៖‽⁈⁉"


def controls(text: str) -> str:
    """The text without control characters (tab and newline stay) and lone surrogates."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def entities(text: str) -> str:
    """Character references read, once more where they were escaped twice."""
    for _ in range(3):
        if not ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def text(raw: str) -> str:
    """One line of clean text: no markup, references, shortcodes or invisible characters; single spaces."""
    line = mojibake(entities(raw))
    line = WORDPRESS.sub(" ", SHORTCODE.sub("", TAGS.sub(" ", line)))
    line = unicodedata.normalize("NFC", INVISIBLE.sub("", controls(line)))
    return SPACES.sub(" ", line).strip()


def mojibake(line: str) -> str:
    """UTF-8 that was read as windows-1252, read rightly; the text as it was where that is not what happened."""
    if not MOJIBAKE.search(line):
        return line
    try:
        return line.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return line


def closed(line: str) -> bool:
    """Whether the line ends with a mark that ends sentences."""
    return line.rstrip(CLOSERS)[-1:] in TERMINALS and bool(line)
