"""Which `<` of a text begins markup, and which is a character of it. Pure.

RSS does not say whether a text is HTML, generators escape too little or twice, and people write about markup. The rule:

- The name is no element of HTML: text (`List<String>`, `<ada@paper.example>`, `x <y`), unless it is a name of another
  vocabulary (`o:p`, `my-card`) that is closed or has attributes.
- It has attributes as elements have, or its end tag follows: markup; but not where it stands in a sentence and its
  attributes are no real ones (“an <img src=x> tag”), or where both its tags stand in one as words do (“use <div> and
  </div> here”).
- Alone, without attributes: text where it stands inside a sentence (“How to write a <b> tag”, “the new <video>”),
  markup elsewhere. `<br>`, `<p>` and others that need no end are text only inside a sentence of a text, and of a feed,
  that has no other markup. A bare `<img>` or `<script>` means nothing as markup: text.
- `<!-- … -->` and Office's `<?xml … ?>` are markup; `<!DOCTYPE html>`, `<?php` are markup only where a page begins.

In doubt a word stays: a tag that is shown can be read, one that is dropped is lost.
"""

import re
from dataclasses import dataclass

_INLINE = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var wbr nobr ruby rb rp rt blink"
)
_BLOCK = (
    "address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html li legend link main marquee menu"
    " meta nav noscript ol optgroup option p pre script search section style summary table tbody td template"
    " textarea tfoot th thead title tr ul"
)
_EMBEDDED = (
    "audio base button canvas embed iframe img image input map area meter object output param picture progress select"
    " source svg track video math"
)
_FORMULA = (
    "semantics annotation-xml mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced"
    " menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd mlabeledtr maction"
)
_ENDLESS = "br hr wbr p li dt dd td th tr tbody thead tfoot option col html head body rb rp rt"
_EMPTY = "img image input embed param source track area base link meta script style iframe"
INLINE, BLOCK, FORMULA = frozenset(_INLINE.split()), frozenset(_BLOCK.split()), frozenset(_FORMULA.split())
NAMES = INLINE | BLOCK | FORMULA | frozenset(_EMBEDDED.split())
_NO_END, _NOTHING_ALONE = frozenset(_ENDLESS.split()), frozenset(_EMPTY.split())
_RAW = frozenset({"script", "style", "iframe", "textarea", "title", "template", "noscript"})
_SWITCHES = re.compile(
    r"(?i)(?:allowfullscreen|async|autoplay|checked|controls|defer|disabled|download|hidden|ismap|itemscope|loop|muted"
    r"|multiple|nomodule|noshade|nowrap|open|playsinline|readonly|required|reversed|selected)"
)
# Possessive: a text of nothing but openings costs no more than its length.
_TOKEN = re.compile(
    r"<\?xml[^<>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*+)(?P<rest>(?:/\s*|\s(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+)?)>"
    r"|<(?P<end2>/?)(?P<name2>[A-Za-z][\w:.-]*+)(?P<rest2>\s[^<>]*+)>"
    r"|<",
    re.DOTALL,
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?<!doctype\s+html[^<>]*>\s*(?:<!--.*?-->\s*)*<(?:html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_OPEN_COMMENT = re.compile(
    r"<!--\s*(?:/?wp:|more\b|\[if\b|\[endif\b|google_ad|nextpage\b|$)[^<>]*(?:>|$)", re.IGNORECASE
)
_SURE = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|li|ul|ol|h[1-6]|figure|blockquote|td)\s*>|<(?:a|img|p|div)\s+\w+\s*=",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->)?|<\?xml[^<>]*>|</?([A-Za-z][\w:.-]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>", re.DOTALL
)
_SILENT = re.compile(r"(?is)<(script|style|svg|template|noscript)\b[^<>]*>.*?</\1\s*>")
_MOST = 20_000  # tokens of one text that are looked at
_NEAR = 100  # characters around one that are


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    name: str = ""
    closing: bool = False
    rest: str = ""
    data: str | None = None
    other: "_Token | None" = None  # its start or end tag

    @property
    def paired(self) -> bool:
        return self.other is not None


def written_as_html(text: str) -> bool:
    """Whether a text is HTML beyond doubt: an element that is closed, or has attributes."""
    return bool(_SURE.search(text))


def settled(text: str, *, habit: bool = False) -> str:
    """The text as HTML in which each `<` that is a character of it is escaped.

    `habit`: other texts of the feed are HTML beyond doubt.
    """
    if "<" not in text:
        return text
    tokens = _tokens(text)
    _pair(tokens)
    sure = habit or any(_beyond_doubt(text, token) for token in tokens)
    page = _PAGE.match(text)
    pieces, at = [], 0
    for token in tokens:
        if token.start < at:
            continue
        pieces.append(text[at : token.start])
        piece, at = _piece(text, token, sure=sure, page=page.end() if page else 0)
        pieces.append(piece)
    return "".join(pieces) + text[at:]


def removed(text: str) -> str:
    """HTML that is `settled`, without its tags: those of blocks part words, the others do not."""
    return _ANY.sub(lambda tag: " " if (tag[1] or "").lower() in BLOCK else "", text)


def without_silent(text: str) -> str:
    """HTML without scripts, styles, drawings and what they hold."""
    return _SILENT.sub(" ", text)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, ends = 0, {"-->": True, "]]>": True}  # whether such an end can still come: it is not looked for in vain twice
    while (match := _TOKEN.search(text, at)) and len(found) < _MOST:
        token = _long(text, match.start(), ends) or _short(match)
        found.append(token)
        at = token.end
    return found


def _long(text: str, start: int, ends: dict[str, bool]) -> _Token | None:
    """A comment or a CDATA section that begins here and is closed."""
    for begin, end in (("<!--", "-->"), ("<![CDATA[", "]]>")):
        if ends[end] and text.startswith(begin, start):
            stop = text.find(end, start + len(begin))
            ends[end] = stop >= 0
            if stop >= 0:
                data = text[start + len(begin) : stop] if end == "]]>" else None
                return _Token(start, stop + len(end), data=data)
    return None


def _short(match: re.Match[str]) -> _Token:
    name = match["name"] or match["name2"] or ""
    rest = match["rest"] or match["rest2"] or ""
    return _Token(match.start(), match.end(), name.lower(), bool(match["end"] or match["end2"]), rest)


def _pair(tokens: list[_Token]) -> None:
    """Mark the tags that have their other half."""
    opened: dict[str, list[_Token]] = {}
    for token in tokens:
        if token.closing:
            if waiting := opened.get(token.name):
                token.other = waiting.pop()
                token.other.other = token
        elif token.name:
            opened.setdefault(token.name, []).append(token)


def _piece(text: str, token: _Token, *, sure: bool, page: int) -> tuple[str, int]:
    """What stands for a token in the HTML, and where the text goes on."""
    if token.data is not None:
        return token.data.replace("&", "&amp;").replace("<", "&lt;"), token.end
    if token.end <= page or (token.end - token.start > 1 and not token.name):
        return text[token.start : token.end], token.end
    if not token.name:
        comment = _OPEN_COMMENT.match(text, token.start)
        return ("", comment.end()) if comment else ("&lt;", token.end)
    if _is_markup(text, token, sure=sure):
        if token.name in _RAW and not token.paired:
            return "", token.end  # a browser would take all that follows for its content
        return text[token.start : token.end], token.end
    return "&lt;" + text[token.start + 1 : token.end].replace("<", "&lt;"), token.end


def _is_markup(text: str, token: _Token, *, sure: bool) -> bool:
    if token.name not in NAMES:
        foreign = ":" in token.name or "-" in token.name
        return foreign and (token.paired or _attributes(token) or token.rest.rstrip().endswith("/"))
    if token.paired or (not token.closing and _attributes(token)):
        return sure or _beyond_doubt(text, token)
    if token.rest.strip(" \t\r\n/"):
        return False  # `<a or b>`
    if token.name in _NOTHING_ALONE:
        return token.closing and not _in_sentence(text, token)
    if token.name in _NO_END and not token.closing:
        return sure or not _set_apart(text, token)
    return not _in_sentence(text, token)


def _beyond_doubt(text: str, token: _Token) -> bool:
    """Whether a tag is paired, or has attributes and is no example of one (“an <img src=x> tag”)."""
    if token.name not in NAMES or not (token.paired or _attributes(token)):
        return False
    if token.other is not None:
        example = not token.rest and _set_apart(text, token) and _set_apart(text, token.other)
        return not (example and not token.other.rest)
    return bool(re.search(r"[/.:]", token.rest.rstrip(" /"))) or not _set_apart(text, token)


def _attributes(token: _Token) -> bool:
    words = token.rest.strip(" \t\r\n/")
    return bool(words) and ("=" in words or all(_SWITCHES.fullmatch(word) for word in words.split()))


def _in_sentence(text: str, token: _Token) -> bool:
    """Whether the token stands among words, and not at the edge of a run of them."""
    before, after = _around(text, token)
    if not before.strip() or before.rstrip()[-1] == ">":
        return False
    if token.closing and not before[-1].isspace():  # the end tag of what was cut off before
        return bool(after) and after[0].isalnum()
    return not after.lstrip().startswith("<") or before.rstrip()[-1].isalnum()


def _set_apart(text: str, token: _Token) -> bool:
    """Whether the token stands in a sentence as a word does: space or a mark around it, and the sentence goes on."""
    before, after = _around(text, token)
    if not before.strip() or not after.strip():
        return False
    opened = before[-1].isspace() or before[-1] in "\"'“‘«(„["
    begun = before.rstrip()[-1] not in ".!?…:>。！？"
    goes_on = re.match(r"\s+[^\W\d_]|[\"'”’»),.;:\]]", after)
    return opened and begun and bool(goes_on) and not after.lstrip()[0].isupper()


def _around(text: str, token: _Token) -> tuple[str, str]:
    return text[max(0, token.start - _NEAR) : token.start], text[token.end : token.end + _NEAR]
