"""Abbreviations that end a sentence in some places, by language. Facts, no logic; those that never do are `titles`.

`COUNTED` are abbreviations only before a number (No. 5, S. 12). `ENDS` may end one: they do where a usual first word
follows (… & Co. It closed). `AND_SO_ON` do before any capital, `UNITS` when a number stands before them (200 kr.
Staten), `YEARS` when the sentence is old enough (… w 1987 r. Jan).
"""

COMMON_TITLES = "dr prof st mr mrs ms mt ft vs ca cf resp approx univ hosp"
COMMON_COUNTED = "no nr nos n° nº № vol tel fig p pp art cap ext tab rs sec"
COMMON_ENDS = "inc ltd co corp bros jr sr etc ing llc plc"

COUNTED = {
    "en": """
        nos rs pg pgs chap ch sec para pt vols figs op ser ed eds eq rev c b d r fl jan feb mar apr jun jul aug
        sep sept oct nov dec rm apt flr blk lvl exh pkg gr secs chs paras exs nn ll
    """,
    "de": """
        tab kap hs fol tl art hnr whg tel plz ca nr nrn lfg heft ausg jahrg s seite bd bde abs abb anm aufl hst
        jg jh lfd pos ziff § rn rz sp str zi az j zi geb etg abt kl gr aufg bsp hpt gl bstg
    """,
    "fr": """
        n bld sect dép bât app appt esc ét fig tab vol ch éd réf ann coll lot lign al art chap sect par n°
        numéro t §
    """,
    "es": """
        núms pág págs ap cl piso ext inc fig min seg lun mar mié jue vie sáb dom ene feb abr may jun jul ago sep sept
        oct nov dic
        apto dpto hab esc
        art inc lib mz
    """,
    "it": """
        int sc tab cap fasc sez par all pag pagg n nn vol art lett gen feb mar apr mag giu lug ago
        set sett ott nov dic
        lib vers sc
    """,
    "nl": """
        kmr dl kl art lid sub par nrs hfst afb blz hfdst jan feb mrt apr jun jul aug sep sept okt nov dec febr
        geb overl gest
    """,
    "ru": """
        разд прил илл вып тт сс кн код тел факс моб доб дом подъезд эт оф каб лит ч п т с ст мар мая июн июл № стр пп
        гл табл рис том кв корп д янв февр фев апр авг сент сен окт нояб ноя дек
        ауд каб кв
    """,
    "bg": "ян февр март апр май юни юли авг септ окт ноем дек тел ет вх бл т гл прил фиг табл с № чл ал стр",
    "kk": "сағ мин бет б сур кесте т №",
    "pl": "kl gr dz zad lok kl pok m s tab rys rozdz ust par t nr str poz art pkt",
    "hi": "नं क्र सं",
    "cs": "odd příl sv zák vyhl nař tab čj č.j čp č.p písm par kap ročn obr s č čís str odst čl § ods nar zemř",
    "sk": "odd príl zv zák vyhl nar tab čj č.j písm par kap roč obr s č čís str odst čl § ods zom",
    "da": "nr lejl lok fig s kl pkt årg afd stk side febr",
    "sv": "nr vån lgh tr fig s kl kap sid avd febr",
    "no": "nr leil etg fig s kl pkt kap febr",
    "uk": """
        розд дод вип кн тел моб дом оф каб под ч п т с ст буд корп кв № стр рис січ лют бер квіт трав черв лип серп
        вер жовт груд
        ауд
    """,
    "hr": "s jan feb ožu tra svi lip srp kol ruj lis stu pro tel toč br čl str št стр чл бр rođ",
    "sl": "s jan feb mar apr avg sep okt nov dec tel br čl str št стр чл бр roj",
    "sr": "jan feb mar apr avg sep okt nov dec јан феб мар апр авг сеп окт нов дец тел br čl str št стр чл бр",
    "ro": "cam pct ap sc bl et tel pag fig tab lit art nr alin ian feb mar apr iun iul aug sept oct nov dec născ",
    "fi": "as krs huon v kpl vrk s klo nro",
    "is": "sl bls nr kl",
    "id": "jan feb mar apr agt okt nov des no pasal",
    "el": "αριθ σ σσ τχ ιαν φεβ μαρ απρ μάι ιουν ιουλ αυγ σεπ οκτ νοε δεκ άρθρ άρθ παρ σελ αρ κεφ εδ εικ πιν τ ν π.δ",
    "tr": "md f b c ss sy cilt böl tab res şek s",
    "hu": "lh em ép hrsz tel old évf köt bek s jan febr márc ápr máj jún júl aug szept okt nov dec szül megh",
    "pt": "apto lj conj arts inc cap fig tab vol n nº séc ss tel proc cód al art",
    "mr": "क्र कि नं",
    "bn": "নং পৃ খ",
    "ca": "cap fig vol art p gen febr abr jul ag set oct nov des",
    "et": "jaan veebr apr aug sept okt nov dets lk nr sünd",
    "lv": "janv febr apr aug sept okt nov dec",
    "mk": "бр стр чл",
}

ENDS = {
    "en": """
        ave blvd rd hwy pkwy sq pl dr st cie assn dept univ mfg bldg jan feb mar apr jun jul aug sep sept oct nov dec
        mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan kans ky la
        mass md mich minn miss mo mont neb nebr nev okla ore pa penn tenn tex va vt wash wis wyo ont que ph.d m.d b.a
        m.a esq ret oz lb lbs ft min sec hr hrs
    """,
    "de": "sqq usw etc mio mrd str jan febr feb mär apr jun jul aug sept sep okt nov dez tsd std sek min co inh u.v.m",
    "fr": "sq sqq suiv etc cie janv févr avr juil sept oct nov déc",
    "es": "sqq ss sgtes sig sigs etc uds ud vd vds ee.uu ee uu cía ltda s.a km hs",
    "it": "sqq ss segg sgg ecc etc s.r.l s.n.c",
    "pt": "ss segs etc ltda cia s.a jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "enz etc e.d b.v n.v jan feb mrt apr jun jul aug sep sept okt nov dec mln mld febr",
    "da": "mv osv m.m a/s aps mill jan feb mar apr jun jul aug sep sept okt nov dec febr",
    "sv": "osv m.m etc jan feb mar apr jun jul aug sep sept okt nov dec mkr febr",
    "no": "osv m.m etc mill mrd jan feb mar apr jun jul aug sep sept okt nov des febr",
    "pl": "itd itp wiek",
    "cs": "atd apod aj kč",
    "sk": "atď apod sk",
    "ru": "т.д т.п др пр",
    "uk": "т.д т.п ін",
    "tr": "vb vs a.ş ltd şti",
    "hu": "stb rt kft zrt bt",
    "ro": "etc s.a",
}

AND_SO_ON = {
    "en": "ph.d ll.m ll.b m.b.a b.sc m.sc d.phil m.phil ed.d d.d.s b.f.a m.f.a",
    "fr": "etc",
    "es": "etc",
    "it": "ecc etc",
    "pt": "etc",
    "nl": "enz etc e.v e.a e.d",
    "da": "osv m.m m.fl mv o.l ff",
    "sv": "osv o.s.v m.m m.fl etc ff",
    "no": "osv m.m m.fl o.l ff",
    "fi": "jne yms ym jms",
    "et": "jne jm jt",
    "pl": "itd itp nast",
    "cs": "atd apod aj násl",
    "sk": "atď apod nasl",
    "sl": "itd ipd sl",
    "hr": "itd sl",
    "sr": "itd итд",
    "hu": "stb",
    "ro": "etc ș.a",
    "lv": "utt u.c",
    "lt": "t.t pan kt",
    "ru": "т.д т.п",
    "uk": "т.д т.п ін",
    "bg": "т.н др",
    "tr": "vb vs",
    "id": "dll dsb dst",
    "is": "o.s.frv o.fl",
    "ca": "etc",
    "af": "ens",
    "el": "μ.μ π.μ κ.λπ κ.τ.λ κ.ά",
}

UNITS = {
    "en": "sq.ft cu.ft m g kw km kg cm mm m.p.h mph sq in ft lb lbs oz yd yds mi gal f c",
    "fr": "m cm g h min s km kg",
    "es": "cm g h hs min km kg m",
    "pt": "m cm h min km kg",
    "it": "m cm h min km kg",
    "ca": "m cm h min km kg",
    "nl": "m g km kg cm u uur l min sec",
    "da": "m cm g kr mio mia mrd pct km kg min",
    "sv": "m cm g kr mkr proc km kg min tim st",
    "no": "m cm g kr mill mrd pst km kg min",
    "fi": "m cm g km kg min milj mrd h",
    "pl": "m.kw m g zł gr km kg cm min godz",
    "cs": "m.n.m m cm g kč h hod min km kg hal",
    "sk": "m.n.m m cm h hod min km kg eur",
    "hu": "m cm ft km kg perc",
    "sl": "eur km kg m cm min",
    "hr": "kn km kg eur m cm min",
    "ro": "m cm lei km kg",
    "tr": "m cm km kg dk sn sa",
    "lt": "eur km kg m cm min ct",
    "lv": "km kg eur m cm min",
    "ru": "кв.м куб.м кв.км м.кв м/с км/ч км/час об/мин м т л руб коп чел км кг см мм га ч мин сек долл",
    "uk": "кв.м куб.м кв.км м/с км/год м т л грн коп км кг см га год хв осіб крб",
    "bg": "кв.м куб.м кв.км м/с км/ч лв ст ч км кг мин",
    "be": "кв.м куб.м руб км кг гадз см м т л",
    "de": "m cm km kg f ff",
    "kk": "тг кг км см мм м т га мин сек сағ ц",
    "el": "χλμ χλγ τ.μ λεπ",
    "et": "kr km kg m cm min",
    "sr": "км кг м см мин km kg m cm din дин",
    "mk": "км кг м см мин ден",
    "is": "km kg kr",
    "id": "km kg m cm",
}

YEARS = {
    "en": "b.c a.d c.e b.c.e",
    "pl": "r w",
    "ru": "в вв г гг",
    "bg": "г",
    "uk": "р рр ст",
    "be": "ст",
    "hr": "god g",
    "sr": "год г god",
    "sl": "l",
    "lv": "g",
    "cs": "r",
    "sk": "r",
    "kk": "ж ғ",
    "el": "μ.χ π.χ",
}
"""Years and centuries."""
