"""Bytes of a document → its text, as browsers read it. Pure.

A label means the encoding that the WHATWG Encoding Standard gives it (https://encoding.spec.whatwg.org/#names-and-labels,
by `webencodings`): `Shift_JIS` is windows-31j, `EUC-KR` is windows-949, `ISO-8859-1` is windows-1252. Python's codecs
of the same names are narrower; `_SUPERSETS` names the ones that hold the whole set.

The order of belief: a byte order mark; bytes that are whole UTF-8 (nothing else looks like it by chance); the labels
of the answer's header and of the document, one of several bytes a letter only where the bytes bear it out; UTF-8 with
a few broken letters. What is left is a guess, and `Reading.guessed` says so.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.wording import counted

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SUPERSETS = {
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "gbk": "gb18030",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
}
_SEVERAL_BYTES = frozenset({"cp932", "cp949", "big5hkscs", "gb18030", "euc_jp", "iso2022_jp"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+\-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([\w.:+\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([\w.:+\-]+)", re.IGNORECASE)
_WIDE = re.compile(rb"\s*(?:<\0[^\0]\0|(\0<\0[^\0]))|\s*(?:[{\[]\0.\0|(\0[{\[]\0))", re.DOTALL)
_LOST = "\ufffd"
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_FEWEST = 8  # letters that tell whether a text was encoded twice
_BROKEN = 0.05  # of a text's letters beyond ASCII, that a label may leave unread before it is doubted
# https://encoding.spec.whatwg.org/#index-jis0208: where Python's EUC-JP gives another letter than the standard.
_JIS = str.maketrans("\u301c\u2016\u2212\u00a2\u00a3\u00ac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")
# A sign that stands inside no word: a reading with one is none of this text. (`l·l` is Catalan.)
_INSIDE = re.compile(r"[^\W\d_][\xa1-\xa9\xab-\xb4\xb6\xb8\xb9\xbb-\xbf\xd7\xf7][^\W\d_]")
# What a guess may come to, for a text that windows-1252 does not fit.
_GUESSES = [
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp932",
    "euc_jp",
    "cp949",
    "big5hkscs",
    "gb18030",
    "cp1253",
    "cp1255",
    "cp1256",
    "cp874",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document's text. `guessed`: nothing that was declared fits; `broken`: letters that could not be read."""

    text: str
    encoding: str
    guessed: bool = False
    broken: int = 0
    fault: str = ""  # why the text is not what its author wrote; empty where it is

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the reading."""
        if self.guessed:
            return (
                f"its character set is not as declared and was guessed as {self.encoding}: no edit is taken from it",
            )
        if self.broken:
            letters = counted(self.broken, "letter is", "letters are")
            return (f"{letters} broken in its {self.encoding} and shown as {_LOST}",)
        return ()


def read(body: bytes, content_type: str | None = None) -> Reading:
    """The text of a document of any format, without its byte order mark."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _marked(body[len(mark) :], name)
    if wide := _WIDE.match(body[:64]):
        return _marked(body, "utf-16-be" if wide[1] or wide[2] else "utf-16-le")
    names = _labels(body, content_type)
    if body.isascii() and "iso2022_jp" not in names:
        return Reading(body.decode("ascii"), "utf-8")
    return _unmarked(body, names)


def _marked(body: bytes, name: str) -> Reading:
    text = body.decode(name, "replace").lstrip("\ufeff")
    broken = text.count(_LOST) - _own_losses(body, name)
    return _judged(Reading(text, name, broken=max(broken, 0)))


def _own_losses(body: bytes, name: str) -> int:
    """U+FFFD that the document itself brings: letters that were lost before it was sent."""
    return body.count(_LOST.encode(name))


def _unmarked(body: bytes, names: list[str]) -> Reading:
    several = [name for name in names if name in _SEVERAL_BYTES]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _judged(_legacy(body, names, several))
    if several and max(text) < "\u0800" and (declared := _borne_out(body, several)):
        return _judged(declared)  # in UTF-8 the letters of these languages take three bytes: two are chance
    return _judged(Reading(text, "utf-8"))


def _legacy(body: bytes, names: list[str], several: list[str]) -> Reading:
    """Bytes that are no whole UTF-8."""
    if declared := _borne_out(body, several):
        return declared
    text = body.decode("utf-8", "replace")
    broken = text.count(_LOST) - _own_losses(body, "utf-8")
    good = len(_BEYOND_ASCII.findall(text)) - text.count(_LOST)
    if good > broken * (1 if "utf-8" in names else 4):
        return Reading(text, "utf-8", broken=broken)
    for name in names:
        if name not in _SEVERAL_BYTES and name != "utf-8" and not _C1.search(text := _single(body, name)):
            return Reading(text, name)
    return _guess(body)


def _borne_out(body: bytes, names: list[str]) -> Reading | None:
    """The reading by the first of these encodings, of several bytes a letter, that the bytes bear out."""
    for name in names:
        text = _JAPANESE[name](body) if name in _JAPANESE else body.decode(name, _REPAIRS)
        broken = text.count(_LOST)
        if broken <= max(1, _BROKEN * len(_BEYOND_ASCII.findall(text))):
            return Reading(text, name, broken=broken)
    return None


def _guess(body: bytes) -> Reading:
    """windows-1252 for a text of Latin letters, as browsers do; else what its letters make likely."""
    letters = len(re.findall(rb"[A-Za-z]", re.sub(rb"<[^<>]*>", b"", body)))
    if len(re.findall(rb"[\x80-\xff]", body)) < letters / 2:
        text = _single(body, "cp1252")
        if not (_C1.search(text) or _INSIDE.search(text)):
            return Reading(text, "windows-1252", guessed=True)
    from charset_normalizer import from_bytes

    best = from_bytes(re.sub(rb"<[^<>]*>", b" ", body)[:100_000], cp_isolation=_GUESSES).best()
    text = body.decode(best.encoding if best else "utf-8", "replace")
    wrong = best is None or _C1.search(text) or _INSIDE.search(text) or _LOST in text
    return Reading(text, best.encoding if best else "utf-8", guessed=True, fault=_UNREADABLE if wrong else "")


_UNREADABLE = "its letters cannot be read: they are in no character set that it declares, nor in a likely one"
_TWICE = "its letters are encoded twice (“{}” for “{}”): the server that sends it misreads its own UTF-8"
_GONE = "most of its letters beyond ASCII were lost before it was sent: it shows U+FFFD in their place"


def _judged(found: Reading) -> Reading:
    """The reading, with what is wrong of its text as a whole."""
    if found.fault:
        return found
    beyond = _BEYOND_ASCII.findall(found.text)
    lost = found.text.count(_LOST)
    if lost >= _FEWEST and lost * 2 > len(beyond):
        return Reading(found.text, found.encoding, found.guessed, found.broken, _GONE)
    if len(beyond) >= _FEWEST and (pair := _twice(found.text, len(beyond))):
        return Reading(found.text, found.encoding, found.guessed, found.broken, _TWICE.format(*pair))
    return found


_RUN = re.compile("[^\x00-\x7f]+")


def _twice(text: str, letters: int) -> tuple[str, str] | None:
    """A word as it stands and as it was meant, where nearly every letter beyond ASCII is UTF-8 read as windows-1252."""
    if not re.search("[\u00c2-\u00f4][^\x00-\x7f]", text):
        return None
    meant, sample = 0, None
    for run in _RUN.finditer(text):
        reread = _reread(run[0])
        if reread is not None:
            meant += len(run[0])
            sample = sample or (run[0], reread)
    return sample if meant >= 0.9 * letters else None


def _reread(run: str) -> str | None:
    try:
        return bytes(_TO_BYTE[letter] for letter in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


# --- labels and codecs


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """Python's names of the encodings that the header and the document declare, the header's first (RFC 7303)."""
    written = [_CHARSET.search(content_type or ""), _DECLARED.match(body[:500])]
    if written[1] is None:
        written.append(_META.search(body[:4096]))  # a page: as far as the standard has a reader look, and a little more
    said = [
        found[1] if isinstance(found[1], str) else found[1].decode("ascii", "replace") for found in written if found
    ]
    return list(dict.fromkeys(name for label in said if (name := codec(label))))


def codec(label: str) -> str | None:
    """Python's name of the encoding that a label means to a browser; None for an unknown one and for UTF-16.

    UTF-16 shows itself by its bytes: a document that says so and has none is in something else.
    """
    import webencodings

    found = webencodings.lookup(label)
    if found is None:
        return _other(label)
    if found.name.startswith("utf-16") or found.name in ("x-user-defined", "replacement"):
        return None
    return _SUPERSETS.get(found.name) or found.codec_info.name


def _other(label: str) -> str | None:
    """A character set that browsers no longer read and Python does, of those before Unicode."""
    try:
        info = codecs.lookup(label)
        info.decode(b"<")
    except (LookupError, ValueError, TypeError):
        return None
    return None if info.name.startswith(("utf", "unicode", "raw", "idna", "punycode")) else info.name


def _single(body: bytes, name: str) -> str:
    return body.decode(name, _C1_CONTROLS)


def _euc_jp(body: bytes) -> str:
    return body.decode("euc_jp", _REPAIRS_EUC).translate(_JIS)


def _iso_2022_jp(body: bytes) -> str:
    """ISO-2022-JP by way of EUC-JP, whose codec knows the rows that vendors added."""
    return _euc_jp(re.sub(rb"\x1b\$[@B]([\x21-\x7e\s]*)(?:\x1b\([BJ]|$)", _high, body))


def _high(found: re.Match[bytes]) -> bytes:
    return bytes(byte | 0x80 if byte > 0x20 else byte for byte in found[1])


_JAPANESE: dict[str, Callable[[bytes], str]] = {"euc_jp": _euc_jp, "iso2022_jp": _iso_2022_jp}


def _as_control(error: UnicodeError) -> tuple[str, int]:
    """Bytes without a letter in an encoding of one byte: control characters, as the standard has it."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _repair(error: UnicodeError) -> tuple[str, int]:
    """A broken byte costs one letter, never the byte after it; 0x80 is the euro of windows-936 (GBK)."""
    assert isinstance(error, UnicodeDecodeError)
    if error.encoding == "gb18030" and error.object[error.start] == 0x80:
        return "€", error.start + 1
    return _LOST, error.start + 1


def _repair_euc(error: UnicodeError) -> tuple[str, int]:
    """The rows that NEC and IBM added to JIS X 0208, which windows-31j holds at the same rows."""
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and min(pair) >= 0xA1:
        row, cell = pair[0] - 0xA0, pair[1] - 0xA0
        first = (row + 1) // 2 + (0x80 if row <= 62 else 0xC0)
        second = cell + 0x9E if row % 2 == 0 else cell + (0x3F if cell < 64 else 0x40)
        try:
            return bytes((first, second)).decode("cp932"), error.start + 2
        except UnicodeDecodeError:
            pass
    return _LOST, error.start + (2 if len(pair) == 2 and min(pair) >= 0xA1 else 1)


_C1_CONTROLS, _REPAIRS, _REPAIRS_EUC = "standfirst-c1", "standfirst-repair", "standfirst-repair-euc"
codecs.register_error(_C1_CONTROLS, _as_control)
codecs.register_error(_REPAIRS, _repair)
codecs.register_error(_REPAIRS_EUC, _repair_euc)
_TO_BYTE = {_single(bytes([byte]), "cp1252"): byte for byte in range(0x80, 0x100)}
_TO_BYTE |= {chr(byte): byte for byte in range(0x80, 0xA0)}
