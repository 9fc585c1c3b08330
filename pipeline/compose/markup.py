"""Feed text made harmless for a platform: no stranger is called, no sign becomes markup. Pure."""

import html
from collections.abc import Callable

import regex

JOINER = "\u2060"  # after an @ it stops every platform from calling the name

_LINKS = r"https?://\S+"
_CALL = regex.compile(rf"{_LINKS}|(?<![a-zA-Z0-9_.+-])[@＠](?=\w)|(?<![a-zA-Z0-9_])[rR][tT]:?[@＠](?=\w)")
_DISCORD = regex.compile(rf"{_LINKS}|[\\*_~`|\[\]<>]|^[ \t]*(?:\#{{1,3}}|-|>|\d+\.)(?=\s)", regex.MULTILINE)
_LITTLE = regex.compile(rf"{_LINKS}|[\\|{{}}@\[\]()<>\#*_~]")
_MARKDOWN = regex.compile(rf"{_LINKS}|[\\`*_{{}}\[\]<>|~]|^[ \t]*(?:\#{{1,6}}|[-+>]|\d+[.)])(?=\s)", regex.MULTILINE)
_MFM = regex.compile(rf"{_LINKS}|[*~`$<\[]")
_TO_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_TAGS = regex.compile(r"</?[a-z][^<>]*>")


def defuse(text: str) -> str:
    """Names after an @ that call nobody; e-mail addresses and links stay as they are."""
    if "@" not in text and "＠" not in text:
        return text
    safe: str = _CALL.sub(lambda m: m[0] if m[0][:4].lower() == "http" else m[0] + JOINER, text)
    return safe


def _slashed(pattern: regex.Pattern[str]) -> Callable[[str], str]:
    def one(found: regex.Match[str]) -> str:
        sign: str = found[0]
        if sign.startswith("http"):
            return sign
        bare = sign.lstrip()
        if bare[-1] in ".)" and bare[:-1].isdigit():
            return f"{sign[:-1]}\\{sign[-1]}"
        return f"{sign[: -len(bare)] if bare != sign else ''}\\{bare}"

    def all_of(text: str) -> str:
        safe: str = pattern.sub(one, text)
        return safe

    return all_of


def _mfm(text: str) -> str:
    """Misskey's markup has no escape: an invisible joiner breaks what would begin it."""
    safe: str = _MFM.sub(lambda m: m[0] if m[0].startswith("http") else m[0] + JOINER, text)
    return safe


ESCAPES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "html": lambda text: html.escape(text, quote=False),
    "mrkdwn": lambda text: text.translate(_TO_SLACK),
    "discord": _slashed(_DISCORD),
    "little": _slashed(_LITTLE),
    "markdown": _slashed(_MARKDOWN),
    "mfm": _mfm,
}
_LINK_ESCAPES: dict[str, Callable[[str], str]] = {
    "html": lambda text: html.escape(text, quote=False),
    "mrkdwn": lambda text: text.translate(_TO_SLACK),
    "markdown": lambda text: text.replace("(", "%28").replace(")", "%29"),
}


def escape(text: str, markup: str) -> str:
    """Text that the platform shows as it stands."""
    return ESCAPES[markup](text)


def escape_link(link: str, markup: str) -> str:
    """A link that the platform still recognises whole."""
    return _LINK_ESCAPES[markup](link) if markup in _LINK_ESCAPES else link


def shown(text: str, markup: str) -> str:
    """What a reader sees of a text in the platform's HTML, for platforms that count after reading it."""
    return html.unescape(_TAGS.sub("", text)) if markup == "html" else text
