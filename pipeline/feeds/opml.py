"""OPML lists of feeds, read with care and written so that what was exported imports again. http://opml.org/spec2.opml"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from pipeline.bounded import Bounded
from pipeline.feeds import values
from pipeline.model import UsageError

MOST = 5_000
_DEPTH = 20
_XML_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed in a list: its address, its name, its site, and the folders it lies in."""

    url: str
    title: str = ""
    link: str | None = None
    folders: tuple[str, ...] = ()


def read(bounded: Bounded, body: bytes) -> tuple[Outline, ...]:
    """The feeds of an OPML document, each address once, in order. Raises UsageError, BoundedError."""
    result = bounded.run("opml", {"body": body})
    if result["reason"]:
        raise UsageError(result["reason"])
    return tuple(Outline(url, title, link, tuple(folders)) for url, title, link, folders in result["feeds"])


def parse(body: bytes) -> tuple[Outline, ...]:
    """As `read`, in this process: for documents that are known to be harmless. Raises UsageError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name(root) != "opml":
        raise UsageError("the file is no OPML list of feeds")
    found: dict[str, Outline] = {}
    for outline in _outlines(root, ()):
        found.setdefault(outline.url, outline)
    if len(found) > MOST:
        raise UsageError(f"the list holds {len(found)} feeds; more than {MOST} are not imported at once")
    return tuple(found.values())


def job(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The child's part of `read`."""
    try:
        feeds = parse(payload["body"])
    except UsageError as error:
        return {"reason": str(error), "feeds": []}
    return {"reason": "", "feeds": [[one.url, one.title, one.link, list(one.folders)] for one in feeds]}


def write(outlines: Iterable[Outline], *, title: str = "Standfirst") -> bytes:
    """An OPML 2.0 document of these feeds, folders kept."""
    tree: dict[str, Any] = {}
    for outline in outlines:
        branch = tree
        for folder in outline.folders:
            branch = branch.setdefault(f"folder {folder}", {})
        branch[f"feed {outline.url}"] = outline
    head = f"  <head>\n    <title>{_escaped(title)}</title>\n  </head>\n"
    body = "".join(_lines(tree, 2))
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}  <body>\n{body}  </body>\n</opml>\n'
    return text.encode()


def _outlines(element: Any, folders: tuple[str, ...]) -> Iterable[Outline]:
    for child in element:
        name = _name(child)
        if name == "body":
            yield from _outlines(child, folders)
        elif name == "outline":
            yield from _outline(child, folders)


def _outline(element: Any, folders: tuple[str, ...]) -> Iterable[Outline]:
    said = {str(name).lower(): value for name, value in element.attrib.items()}
    title = values.line(said.get("text")) or values.line(said.get("title"))
    if url := values.address(said.get("xmlurl")):
        yield Outline(url, title, values.address(said.get("htmlurl")), folders)
    if len(element) and len(folders) < _DEPTH:
        yield from _outlines(element, (*folders, title) if title and not url else folders)


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _lines(tree: Mapping[str, Any], depth: int) -> Iterable[str]:
    space = "  " * depth
    for name, value in tree.items():
        if isinstance(value, Outline):
            link = f" htmlUrl={_attribute(value.link)}" if value.link else ""
            title = _attribute(value.title or value.url)
            yield f'{space}<outline type="rss" text={title} title={title} xmlUrl={_attribute(value.url)}{link}/>\n'
        else:
            yield f"{space}<outline text={_attribute(name.removeprefix('folder '))}>\n"
            yield from _lines(value, depth + 1)
            yield f"{space}</outline>\n"


def _attribute(text: str) -> str:
    return quoteattr(_XML_ILLEGAL.sub("", text))


def _escaped(text: str) -> str:
    return _attribute(text)[1:-1]
