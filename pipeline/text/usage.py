"""How languages write ranks, titles, times and speech, as far as it decides on sentence ends. Facts, no logic."""

ORDINALS = "bs cs da de et eu fi fo hr hu is lb lt lv mk nb nn no pl sk sl sr tr"
"""Languages that write the first as 1. with a full stop."""
ROMANS = "bs cs de et hr hu lb sk sl sr tr"
"""Languages that do so with Roman numbers too: Karl V., XX. század."""

COUNTING = {
    "de": """
        abbildung tabelle kapitel seite absatz artikel nummer platz gleis saal zimmer halle tor bahnsteig paragraf
        band teil punkt folge staffel version linie block phase stufe klasse runde rang ziffer satz raum
    """,
    "fi": "kuva kuvio taulukko luku sivu kohta osa pykälä momentti numero huone laituri versio kanava rata vaihe",
    "da": "figur tabel kapitel side afsnit artikel nummer spor sal lokale bind del punkt sæson version linje",
    "no": "figur tabell kapittel side avsnitt artikkel nummer spor sal rom bind del punkt sesong versjon linje",
    "cs": "obrázek tabulka kapitola strana článek číslo sál část díl bod odstavec nástupiště kolej linka",
    "sk": "obrázok tabuľka kapitola strana článok číslo sála časť diel bod odsek nástupište koľaj linka",
    "hu": "ábra táblázat fejezet oldal cikk szám terem",
    "et": "joonis tabel peatükk lehekülg artikkel number saal osa punkt",
    "hr": "slika tablica poglavlje stranica članak broj dvorana dio točka",
    "sl": "slika tabela poglavje stran člen številka dvorana del točka",
    "tr": "şekil tablo bölüm sayfa madde numara salon",
    "is": "mynd tafla kafli síða grein númer",
}
"""Nouns that a plain number follows, in the languages where a number with a full stop is a rank: Kapitel 3."""

PERSONAL = """
dr prof ing inż mgr mag dipl doc bc phdr judr mudr rndr drs ir dott avv geom arq lic д-р проф акад доц инж
"""
"""Titles that others follow: Ing. arch., Dr. rer. nat."""

ATTRIBUTION = """
added adds admitted announced answered argued asked asks begged continued cried declared demanded exclaimed explained
insisted joked laughed recalled replied responded said says screamed shouted told tweeted wondered wrote yelled
"""
SAID = {
    "ko": """
        말했 말하 물었 묻 외쳤 외치 대답했 답했 덧붙였
        소리쳤 소리질렀 속삭였 밝혔 전했 설명했 강조했 중얼거렸 되물었
    """,
    "hi": "कहा कहती कहता पूछा बोला बोली बोले चिल्ला बताया पुकारा फुसफुसा",
    "mr": "म्हणाल म्हटल विचारल ओरडल सांगितल",
    "ne": "भन सोध चिच्या बताए",
    "bn": "বলল বললে বলেছে জিজ্ঞাসা জিজ্ঞেস চিৎকার জানাল",
    "ur": "کہا پوچھا بولا بولی بولے چلایا چلائی چلائے بتایا پکارا",
    "pa": "ਕਿਹਾ ਪੁੱਛਿਆ ਬੋਲਿਆ ਬੋਲੀ ਦੱਸਿਆ",
    "gu": "કહ્યું પૂછ્યું બોલ્ય",
    "ta": "என்ற கேட்ட கூறின சொன்ன கத்தின",
    "te": "అన్నా అన్నది అడిగా అడిగింది చెప్పా చెప్పింది అరిచా",
    "kn": "ಹೇಳಿದ ಕೇಳಿದ ಎಂದ ಕೂಗಿದ",
    "ml": "പറഞ്ഞു ചോദിച്ചു",
    "fa": "گفت پرسید افزود داد زد",
    "am": "አለ ብሎ ጠየቀ ጮኸ",
}
"""How verbs of saying begin where they come last: "…?" 그가 물었다."""
SAID_FIRST = {
    "ar": "قال قالت يقول تقول سأل سألت صاح صاحت أضاف أضافت أجاب أجابت صرخ صرخت هتف هتفت رد ردت",
    "he": "אמר אמרה אמרו שאל שאלה שאלו צעק צעקה ענה ענתה השיב השיבה קרא קראה לחש לחשה",
}
"""Verbs of saying where they come first: «…؟» سأل الصحفي."""
LED_ON = {
    "hi": "और कहकर कहते तो कि की का के ने को से वाला वाली जैसे जैसा",
    "ur": "اور کہہ کہتے تو کہ کی کا کے نے کو سے والا والی جیسے جیسا",
    "mr": "असे असं आणि म्हणून म्हणत की हे या",
    "ne": "भनेर र भन्दै भनी को का की",
    "bn": "বলে এবং ও",
}
"""What goes on after a quotation inside a sentence."""

STREETS = {
    "de": "str pl",
    "lb": "str",
    "nl": "str ln wg",
    "no": "gt g v vn vei pl",
    "da": "gd g v vj pl",
    "sv": "g v pl",
    "fi": "nk nt",
}
"""How streets' names end when they are shortened, before the number: Storg. 4, Kerkstr. 12."""
ERAS = {
    "fi": "ekr jkr eaa jaa",
    "et": "ekr pkr e.m.a m.a.j",
    "sv": "f.kr e.kr f.v.t e.v.t",
    "da": "f.kr e.kr f.v.t e.v.t fvt evt",
    "no": "f.kr e.kr f.v.t e.v.t fvt evt",
    "nl": "v.chr n.chr",
    "it": "a.c d.c",
    "es": "a.c d.c",
    "pt": "a.c d.c",
    "ca": "a.c d.c",
    "ro": "î.hr d.hr î.e.n e.n",
    "pl": "p.n.e n.e",
    "hr": "pr.kr n.e",
}
"""Eras after a number; a name may follow: 350 eKr. Ateenassa."""
FINITE = {
    "es": r"[^\W\d_]{2,}(?:ó|aron|ieron|aban)",
    "it": r"[^\W\d_]{2,}(?:ò|arono|irono|avano)",
    "pt": r"[^\W\d_]{2,}(?:ou|aram|eram|iram|avam)",
}
"""Forms of verbs that no name has, in languages that begin sentences with them."""

SPELT = "btw kg km cm mm kw kwh mw mwh gw gwh mhz ghz mb gb tb stk tv cd cds dvd pc pcs wc sms gps mp hq tvs"
"""Words without a vowel that take no full stop."""
EXCLAIMED = "jeopardy joomla yahoo yum"
"""Names that carry their exclamation mark."""

LEADING_IN = "at on in by from until since before after around about just shortly late early as when"
TIMES = "a.m am p.m pm"
AFTER_TIMES = """
    aest apr april aug august bst cdt central cest cet cst ct dec december eastern edt est et feb february fri
    friday gmt ist jan january jst jul july jun june local mar march may mdt mon monday mountain mst mt nov november
    oct october pacific pdt pst pt sat saturday sep sept september sun sunday thu thur thurs thursday tue tues
    tuesday utc wed wednesday
"""
"""What goes on after a time of day."""
