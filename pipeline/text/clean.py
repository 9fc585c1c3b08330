"""Clean plain text: what escaping, encodings and content systems leave behind goes, the words stay."""

import html
import re
import unicodedata

from pipeline.text import tags

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\u180e\ufffc]")
SPACES = re.compile(r"\s+")
LOOSE_COMMA = re.compile(r"(?<=\w) ,(?= )")
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?![\w:])")
WORDPRESS = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|button|vc_\w+|et_pb_\w+)\b[^\[\]]{0,500}\]")
FOOTNOTE = re.compile(
    r"(?<=[.,;:!?”\"’»)\]])\[(?:\d{1,3}|[a-z])\](?::\s?\d{1,4}(?:[–-]\d{1,4})?)?|"
    r"(?i:\[(?:citation needed|better source needed|clarification needed|when\?|who\?|note \d+|nb \d+)\])"
)
USUAL = r"[\w .,;!?'()“”‘’–—…«»/%-]*"
PLAIN = re.compile(rf"{USUAL}(?::(?![a-z]){USUAL})*")
CLOSERS = "\"'”’»›)]}」』】）》“*_\u200e\u200f"
TERMINALS = ".!?…。！？｡．؟۔।॥։።፧။៖។‽⁈⁉"
UNMARKED = re.compile("[\u0e00-\u0eff]")
"""Thai and Lao end no sentence with a mark."""

HIGH = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}
BYTES = {letter: byte for byte, letter in HIGH.items()} | {chr(byte): byte for byte in range(0x80, 0x100)}
TRAILING = "".join(re.escape(HIGH[byte]) for byte in range(0x80, 0xC0)) + "\x80-\x9f"
MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{TRAILING}]{{1,3}}")


def controls(text: str) -> str:
    """The text without control characters (tab and newline stay) and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", mojibake(text).replace("\x85", "\n"))


def entities(text: str) -> str:
    """Character references read, once more where they were escaped twice."""
    for _ in range(3):
        if not ENTITY.search(text):
            break
        text = ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text


def text(raw: str) -> str:
    """One line of clean text: no markup, references, shortcodes or invisible characters; single spaces."""
    if " ," not in raw and PLAIN.fullmatch(raw):
        return SPACES.sub(" ", unicodedata.normalize("NFC", raw)).strip()
    line = controls(entities(raw))
    if "<" in line:  # markup that was escaped once too often goes; what is about markup stays
        line = html.unescape(tags.removed(tags.settled(line)))
    line = WORDPRESS.sub(" ", SHORTCODE.sub("", line))
    line = unicodedata.normalize("NFC", INVISIBLE.sub("", line))
    line = FOOTNOTE.sub("", line) if "[" in line else line
    return LOOSE_COMMA.sub(",", SPACES.sub(" ", line)).strip()


def mojibake(text: str) -> str:
    """UTF-8 that was read as windows-1252, read rightly; what is no such thing stays as it is."""
    return MOJIBAKE.sub(reread, text) if MOJIBAKE.search(text) else text


def reread(found: re.Match[str]) -> str:
    """One run of such letters as the character it was, or as it stands."""
    letters = found[0]
    for end in range(len(letters), 1, -1):
        try:
            return bytes(BYTES[letter] for letter in letters[:end]).decode() + letters[end:]
        except UnicodeDecodeError:
            continue
    return letters


def closed(line: str) -> bool:
    """Whether the line ends where a sentence may: with a mark for it, or in a script that has none."""
    bare = line.rstrip(CLOSERS + " \u00a0\u202f")
    if not bare:
        return False
    if bare[-1] in ":;":  # a full stop in Armenian, a question mark in Greek
        return bare[-2:-1] >= "\u0370" and bare[-2:-1] <= ("\u058f" if bare[-1] == ":" else "\u03ff")
    return bare[-1] in TERMINALS or bool(UNMARKED.match(bare[-1]))
