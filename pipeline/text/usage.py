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
