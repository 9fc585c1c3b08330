"""The language of a text: as its publisher says, else as its letters and commonest words show."""

import re
from collections import Counter

WORD = re.compile(r"[^\s\d.,;:!?()\"'“”«»।،؟…-]+")
SUBTAG = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)")
SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "sh": "sr", "mo": "ro", "tl": "fil"}
"""Old or narrower tags, and the ones used here."""
UNKNOWN = frozenset(("und", "zxx", "mul", "mis", "xx"))

SCRIPTS = (
    ("kana", "\u3040-\u30ff"),
    ("hangul", "\uac00-\ud7af\u1100-\u11ff"),
    ("han", "\u3400-\u9fff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("cyrillic", "\u0400-\u052f"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hebrew", "\u0590-\u05ff"),
    ("devanagari", "\u0900-\u097f"),
    ("bengali", "\u0980-\u09ff"),
    ("gurmukhi", "\u0a00-\u0a7f"),
    ("gujarati", "\u0a80-\u0aff"),
    ("tamil", "\u0b80-\u0bff"),
    ("telugu", "\u0c00-\u0c7f"),
    ("kannada", "\u0c80-\u0cff"),
    ("malayalam", "\u0d00-\u0d7f"),
    ("sinhala", "\u0d80-\u0dff"),
    ("thai", "\u0e00-\u0e7f"),
    ("lao", "\u0e80-\u0eff"),
    ("burmese", "\u1000-\u109f"),
    ("khmer", "\u1780-\u17ff"),
    ("georgian", "\u10a0-\u10ff"),
    ("armenian", "\u0530-\u058f"),
    ("ethiopic", "\u1200-\u139f"),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
)
LETTERS = tuple((name, re.compile(f"[{letters}]")) for name, letters in SCRIPTS)
WRITTEN = {
    "kana": "ja",
    "hangul": "ko",
    "han": "zh",
    "greek": "el",
    "hebrew": "he yi",
    "devanagari": "hi mr ne",
    "bengali": "bn as",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "thai": "th",
    "lao": "lo",
    "burmese": "my",
    "khmer": "km",
    "georgian": "ka",
    "armenian": "hy",
    "ethiopic": "am ti",
    "arabic": "ar fa ur ps ckb ug sd",
    "cyrillic": "ru uk bg sr mk kk be ky tg mn uz tt",
}
"""The languages of a script that is not the Latin one; the first is the likeliest."""

COMMON = {
    "en": "the of and to in is that for was with on are by have from this be at his they who has it said",
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es aus hat wird sind",
    "fr": "le la les des et est une dans que qui pour sur pas au par avec plus son ce ont été du cette mais aux",
    "es": "el la los las y en que del se por con para una su al es lo como más pero sus ha este según también",
    "pt": "o os as e em que do da não uma um para com por no na se dos mais foi ao são pelo pela também segundo",
    "it": "il di che la è per un una del della in con non sono le si da gli nel alla dei più anche come ha",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als bij door naar heeft werd uit",
    "sv": "och att det som en på är av för med till den har inte om ett han men var från sig så de i",
    "da": "og at det som en på er af for med til den har ikke om et han men var fra sig så de af i blev",
    "no": "og at det som en på er av for med til den har ikke om et han men var fra seg så de i ble",
    "fi": "ja on ei että oli se hän ovat mutta myös kun joka mukaan olla tai ole sen niin kuin",
    "pl": "w i na z nie się do że jest o jak to po przez od za ale jego oraz są był została które",
    "cs": "a v se na je že s o z do to ve pro jako by za podle ale která který od také jsou po k",
    "sk": "a v sa na je že s o z do to vo pre ako by za podľa ale ktorá ktorý od aj sú po k",
    "hu": "a az és hogy nem is egy van meg ez volt csak már azt mint szerint ki el de még",
    "ro": "și de în la a că pe cu este nu din care un o pentru mai sunt fost au prin după",
    "tr": "ve bir bu da de için ile olarak olan daha çok gibi en ise kadar sonra olduğu oldu",
    "hr": "i u je se na da su za od s o kako što ne će koji koja bi iz do nije sam bio",
    "sl": "in je v na se za da so z s tudi ki pa po od bi bo ne kot pri ter iz",
    "ca": "els amb és al més com aquest aquesta són seva seu però també perquè ha dels les i per",
    "id": "yang dan di dari untuk dengan ini itu pada tidak dalam akan oleh ke juga telah adalah",
    "vi": "và của là có được cho trong không với những một các người này đã khi đến để ở",
    "et": "ja on ei et ka see oli kui ta mis aga oma ning seda mida pole",
    "lv": "un ir ar ka par no uz bet kas tika arī pie lai ne tas kā gan vai",
    "lt": "ir yra kad su iš į buvo kaip tai bet dėl taip jis ne apie už",
    "ru": "и в не на что с он по как это но его за от из для было также был она по о",
    "uk": "і в не на що з він за як це але його від із для було також був вона та у й",
    "bg": "и в не на че с той по като това но му за от да са беше също е се ще",
    "sr": "и у не на да с је се за од као то али су који би о из није ће",
    "mk": "и во не на дека со тој по како тоа но му за од да се беше исто е ќе",
    "kk": "және мен бұл да де үшін деп бір ол осы болып туралы қазақстан еді",
    "be": "і ў не на што з ён па як гэта але яго ад для было таксама быў яна",
    "ar": "في من على إلى أن التي عن مع هذا هذه الذي كان ما لا بعد قال",
    "fa": "در به از که این را با است برای آن یک خود می شد بود تا",
    "ur": "کے میں کی ہے اور سے کا کو نے پر یہ کہ اس ہیں تھا بھی",
    "hi": "के में की है और से का को ने पर यह कि इस हैं था भी एक नहीं",
    "mr": "आहे आणि या च्या ते ही हे मध्ये होते होता आहेत केली की तर असे यांनी",
    "ne": "छ र को मा ले हो भने छन् पनि गरेको लाई भएको गर्न यो",
}  # fmt: skip
LETTERS_OF = {
    "de": "ß",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "sv": "å",
    "da": "æø",
    "no": "æø",
    "pl": "łąęśźż",
    "cs": "řěů",
    "sk": "ľĺŕô",
    "hu": "őű",
    "ro": "șță",
    "tr": "ğış",
    "et": "õ",
    "lv": "āēīļņ",
    "lt": "ėųį",
    "vi": "ơưạảấầđếệ",
    "ru": "ыэё",
    "uk": "ґєії",
    "be": "ўі",
    "bg": "ъщ",
    "sr": "ђћџљњј",
    "mk": "ѓќѕљњј",
    "kk": "әғқңөұүһі",
    "ky": "ңөү",
    "fa": "پچژگک",
    "ur": "ٹڈڑںےگ",
    "mr": "ळ",
}
"""Letters that tell a language from its neighbours."""
TABLE = {language: frozenset(words.split()) for language, words in COMMON.items()}
LATIN = tuple(language for language in TABLE if re.match(r"[a-zà-ž]", COMMON[language]))
LEAST = 3  # common words that must be found


def subtag(tag: str | None) -> str | None:
    """The language of a BCP 47 tag in small letters (`de_AT` → `de`), or None where it is none."""
    found = SUBTAG.match(tag or "")
    language = found[1].lower() if found else ""
    return SAME.get(language, language) if language and language not in UNKNOWN else None


def script(text: str) -> str:
    """The script that most letters of a text are of; Japanese where there is kana among the Chinese."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    counted = Counter({name: len(letters.findall(text)) for name, letters in LETTERS})
    if counted["kana"] * 5 > counted["han"] and counted["kana"]:
        counted["kana"] += counted["han"]
    name, count = counted.most_common(1)[0]
    return name if count else ""


def detect(text: str) -> str | None:
    """The language that a text is written in, or None where it does not show."""
    start = text[:2000]
    writing = script(start[:300])
    candidates = LATIN if writing == "latin" else tuple(WRITTEN.get(writing, "").split())
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    words = Counter(WORD.findall(start.lower()))
    letters = Counter(start.lower())
    scores = Counter({each: likeness(each, words, letters) for each in candidates if each in TABLE})
    best, score = scores.most_common(1)[0] if scores else ("", 0)
    if writing == "latin":
        return best if score >= LEAST else None
    return best if score else candidates[0]


def likeness(language: str, words: Counter[str], letters: Counter[str]) -> int:
    """How many of a language's common words and own letters a text has."""
    own = sum(letters[letter] for letter in LETTERS_OF.get(language, ""))
    return sum(min(words[word], 2) for word in TABLE[language]) + own


def decide(declared: str | None, text: str) -> str | None:
    """The language as declared, unless the text is in letters that this language is not written in."""
    language = subtag(declared)
    writing = script(text[:300])
    if language and not contradicted(language, writing):
        return language
    return detect(text) or language


def contradicted(language: str, writing: str) -> bool:
    """Whether a text in this writing cannot be in this language."""
    if not writing or language in WRITTEN.get(writing, "").split():
        return False
    if writing == "latin":  # Serbian, Uzbek and others are written so too
        return any(language in WRITTEN[name].split() for name in WRITTEN if name not in ("cyrillic", "arabic"))
    return language in LATIN or any(language in known.split() for known in WRITTEN.values())
