"""What an article's first paragraph begins with before it begins: place and agency, byline, time stamp."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

UPPER = "A-ZÀ-ÖØ-ÞŁŚŻŹĆŃĘĄŠČŽŘĎŤŇŐŰĞİŞΑ-ΩА-ЯЁІЇЄ"
NAME = rf"[{UPPER}][\w.’'/\-]*"
WIRES = r"""
AP AFP Reuters REUTERS CNN UPI dpa DPA APA ATS SDA EFE ANSA Lusa ANP Belga TT NTB Ritzau PAP ČTK TASR MTI TASS ТАСС
Интерфакс РИА_Новости ANI PTI IANS Xinhua Kyodo Yonhap Bloomberg CNS KTLA MarketWatch AP/[\w_]+ dpa/\w+ dpa-\w+ ots OTS
APA-OTS sid SID epd kna KNA dts rtr lifePR pte \w+-press STT BNS LETA Tanjug Hina STA Agerpres AA DHA İHA GLOBE_NEWSWIRE
GlobeNewswire PRNewswire PRNewsWire BUSINESS_WIRE Business_Wire ACCESSWIRE EUROPA_PRESS Europa_Press ITALPRESS Adnkronos
AGI LaPresse Укринформ УНИАН БТА رويترز أ_ف_ب ا_ف_ب فرانس_برس د_ب_أ الأناضول وكالات भाषा वार्ता एएनआई आईएएनएस पीटीआई
"""
AGENCIES = "|".join(WIRES.split()).replace("_", " ")
PLACE = rf"{NAME}(?:[ ,]+(?:{NAME}|de|del|la|le|los|am|an|der|im|den|\d{{1,2}}\.?|\w{{3,5}}\.?)){{0,6}}"
LETTERS = r"[A-ZÄÖÜ][A-Z/]{1,11}|[A-Z]\w+ (?:News|Post|Times|Business|Herald)"
CAPITALS = rf"[{UPPER}][{UPPER}.’'\-]+(?:[ ,]+[{UPPER}][\w.’'\-]*){{0,4}}"
CAPITAL = rf"[\"“„«]?[{UPPER}\u0590-\u0dff]"
MONTH = (
    r"(?:jan|feb|mar|mär|apr|abr|avr|ma[iyj]|mei|jun|juin|jui|jul|lug|giu|mag|gen|ene|fév|aug|aou|aoû|ago|sep|set|oct|okt|"
    r"out|ott|nov|dec|dez|dic|déc|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d_]{0,7}\.?"
)
DAY = r"(?:(?:le|den|el|il|am|d\.)\s+)?\d{1,2}(?:er|\.|º|°)?\s+(?:de\s+)?"
DATE = rf"(?i:{DAY}{MONTH}|{MONTH}\s+\d{{1,2}})(?:,?\s+(?:de\s+)?\d{{4}})?"
BRACKETED = rf"[(/\[]\s*(?:{AGENCIES})\s*[)/\]]"
EAST = "\u0590-\u0dff"
REPORTER = r",\s*(?:staff|special|associated|reporter|correspondent)[^.–—|]{0,40}[–—|-]"
BEGINNINGS = "The|A|An|In|It|He|She|They|We|But|And|This|That|These|On|At|As|If|For|To|You|When|While|After|Since|With"
RULES = (
    # Berlin (dpa) - …; (Reuters) …
    re.compile(rf"(?:{PLACE}\s*,?\s*)?\(\s*(?:{AGENCIES})\s*\)\s*\.?\s*(?:—|–|--|-|:)*\s*"),
    # ROME (CBS) — …; any letters in brackets, so the dash must be there
    re.compile(rf"(?:{PLACE}\s*,?\s*)?\(\s*(?:{LETTERS})\s*\)\s*\.?\s*(?:—|–|--|-)\s*"),
    # ЛИТ, 12 ноября. /ТАСС/. …; LEET, Ohio, Nov. 12, 2025 /PRNewswire/ -- …
    re.compile(rf"(?:{PLACE}\s*,?\s+(?:{DATE})?\s*[.,]?\s*)?{BRACKETED}\s*\.?\s*(?:—|–|--|-|:)*\s*"),
    # МОСКВА, 12 ноя — РИА Новости. …
    re.compile(rf"{PLACE}\s*,\s*{DATE}\s*[—–-]\s*(?:{AGENCIES})\.\s+"),
    # Leet, 12. November 2025 – …; ROMA, 12 NOV - …
    re.compile(rf"{PLACE}\s*,\s*{DATE}\s*(?:—|–|--|-)\s+"),
    # القاهرة (رويترز) - …; नई दिल्ली, 12 नवंबर (भाषा) …
    re.compile(rf"[{EAST}][{EAST} ،,\d]{{1,40}}\(\s*(?:{AGENCIES})\s*\)\s*(?:—|–|-|:|।)*\s*"),
    # LONDON — …; NEW DELHI: …
    re.compile(rf"(?!DEAR ){CAPITALS}\s*(?:\([A-Z][\w/ .]{{1,20}}\)\s*)?(?:(?:—|–|--|-)\s+|:\s+(?={CAPITAL}))"),
    # 10:42 GMT – …; 9.42am GMT …; +++ 09:42 Uhr +++ …
    re.compile(
        r"(?:\+{2,3}\s*)?\d{1,2}[:.]\d{2}\s*(?:(?:[ap]\.?m\.?|[AP]\.?M\.?|Uhr|GMT|BST|UTC|E[SD]?T|IST|CES?T)\s*){1,2}"
        r"(?:—|–|-|:|\||\+{2,3})?\s+"
    ),
    # 新华社北京5月3日电 …; （记者 王伟）…
    re.compile(
        r"[（(]?(?:本报|[\u4e00-\u9fff]{2,4}[社网網])[\u4e00-\u9fff]{0,12}\d{1,2}(?:月\d{1,2})?日"
        r"[\u4e00-\u9fff]{0,6}[电電讯訊][）)]?\s*"
    ),
    re.compile(r"[（(][^（）()。]{0,8}(?:记者|記者|通讯员)[^（）()。]{1,20}[）)]\s*"),
    # 【ロンドン共同】…; (서울=연합뉴스) 김철수 기자 = …
    re.compile(r"【[^】]{1,20}】\s*"),
    re.compile(r"[(\[][^()=\[\]]{1,15}=[^()\[\]]{2,15}[)\]]\s*(?:[가-힣]{2,4}\s?(?:기자|특파원)\s*)?=?\s*"),
    # By Ada Brown | …; By Ada Brown, staff writer — …
    re.compile(rf"(?i:by)\s+(?:{NAME}\s+){{1,3}}{NAME}\s*(?:[|•·–—]|{REPORTER})\s*"),
    # By Ada Brown The council …: a byline that a content system has run into its excerpt
    re.compile(rf"(?:By|BY)\s+(?:{NAME}\s+){{2,4}}(?=(?:{BEGINNINGS})\s)"),
)


PAPER = re.compile(r"([^\s–—|:-][^–—|:]{3,40}?)\s+(?:—|–|-|\|)\s+(?=[^\Wa-zß-ÿ])")
BY = "by|von|par|por|di|door|av|af|od|text|texto|texte|testo|автор|текст|story by|written by"
LONGEST = 200  # letters in which a dateline ends
STATION = re.compile(r"\([A-Z]{2,8}(?:/[A-Z]{2,8})?\)\s*(?:[—–-]\s*)?(?=[A-Z“\"])")
"""LEET — (WKRC) …: the station after the place."""


def without(text: str) -> str:
    """The text without the datelines, bylines and stamps that it begins with."""
    for turn in range(3):
        head = text[:LONGEST]
        rules = (*RULES, STATION) if turn else RULES
        cut = next((found.end() for rule in rules if (found := rule.match(head))), 0)
        if not cut or not text[cut:].strip():
            break
        text = text[cut:].lstrip()
    return text


def unsigned(text: str, link: str, authors: Iterable[str] = ()) -> str:
    """The text without who wrote it before it: By Ada Brown The council …; Leet Courier – The council …"""
    for author in authors:
        signed = re.match(rf"(?i:{BY})\s+{re.escape(author)}[\s|•·–—,:-]+(?=\S)", text[:LONGEST]) if author else None
        text = text[signed.end() :] if signed else text
    found = PAPER.match(text[:LONGEST])
    host = letters(urlsplit(link).hostname or "") if found else ""
    name = letters(found[1]) if found else ""
    return text[found.end() :] if found and len(name) >= 5 and name in host else text


def letters(text: str) -> str:
    """A text's letters and digits alone, small."""
    return "".join(c for c in text.casefold() if c.isalnum())
