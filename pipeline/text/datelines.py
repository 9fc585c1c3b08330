"""What an article's first paragraph begins with before it begins: place and agency, byline, time stamp."""

import re

UPPER = "A-ZÀ-ÖØ-ÞŁŚŻŹĆŃĘĄŠČŽŘĎŤŇŐŰĞİŞΑ-ΩА-ЯЁІЇЄ"
NAME = rf"[{UPPER}][\w.’'/\-]*"
AGENCIES = (
    "AP|AFP|Reuters|REUTERS|CNN|UPI|dpa|DPA|APA|ATS|SDA|EFE|ANSA|Lusa|ANP|Belga|TT|NTB|Ritzau|PAP|ČTK|TASR|MTI|TASS|ТАСС|"
    r"Интерфакс|РИА Новости|ANI|PTI|IANS|Xinhua|Kyodo|Yonhap|Bloomberg|CNS|KTLA|MarketWatch|AP/[\w ]+|dpa/\w+"
)
PLACE = rf"{NAME}(?:[ ,]+(?:{NAME}|de|del|la|le|los|am|an|der|im|den|\d{{1,2}}\.?|\w{{3,5}}\.?)){{0,6}}"
LETTERS = r"[A-ZÄÖÜ][A-Z/]{1,11}|[A-Z]\w+ (?:News|Post|Times|Business|Herald)"
CAPITALS = rf"[{UPPER}][{UPPER}.’'\-]+(?:[ ,]+[{UPPER}][\w.’'\-]*){{0,4}}"
REPORTER = r",\s*(?:staff|special|associated|reporter|correspondent)[^.–—|]{0,40}[–—|-]"
RULES = (
    # Berlin (dpa) - …; (Reuters) …
    re.compile(rf"(?:{PLACE}\s*,?\s*)?\(\s*(?:{AGENCIES})\s*\)\s*\.?\s*(?:—|–|--|-|:)*\s*"),
    # ROME (CBS) — …; any letters in brackets, so the dash must be there
    re.compile(rf"(?:{PLACE}\s*,?\s*)?\(\s*(?:{LETTERS})\s*\)\s*\.?\s*(?:—|–|--|-)\s*"),
    # LONDON — …; NEW DELHI: …
    re.compile(rf"(?!DEAR ){CAPITALS}\s*(?:\([A-Z][\w/ .]{{1,20}}\)\s*)?(?:—|–|--|-|:)\s+"),
    # 10:42 GMT – …
    re.compile(r"\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|[AP]\.?M\.?|Uhr|GMT|BST|UTC|E[SD]?T|IST)\s*(?:—|–|-|:|\|)?\s+"),
    # By Ada Brown | …; By Ada Brown, staff writer — …
    re.compile(rf"(?i:by)\s+(?:{NAME}\s+){{1,3}}{NAME}\s*(?:[|•·–—]|{REPORTER})\s*"),
)


def without(text: str) -> str:
    """The text without the datelines, bylines and stamps that it begins with."""
    for _ in range(3):
        cut = next((found.end() for rule in RULES if (found := rule.match(text))), 0)
        if not cut or not text[cut:].strip():
            break
        text = text[cut:].lstrip()
    return text
