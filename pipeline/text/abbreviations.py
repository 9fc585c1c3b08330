"""Words that a full stop does not end, by language, and the words that sentences like to start with. Facts, no logic.

`TITLES` never end a sentence before a capital (Dr. Weber). `COUNTED` are abbreviations only before a number (No. 5,
S. 12). `ENDS` may end one: they do where a usual first word follows (… & Co. It closed). `AND_SO_ON` do before
any capital, `UNITS` when a number stands before them (200 kr. Staten), `YEARS` when the sentence is old enough
(… w 1987 r. Jan).
"""

COMMON_TITLES = "dr prof st mr mrs ms mt ft vs ca cf resp approx univ hosp"
COMMON_COUNTED = "no nr nos n° nº № vol tel fig p pp art cap ext tab rs sec"
COMMON_ENDS = "inc ltd co corp bros jr sr etc ing llc plc"

TITLES = {
    "en": """
        chr wm geo thos chas messrs mmes mx rev hon gen col lt sgt capt cmdr adm maj sen reps rep gov pres supt pvt
        cpl insp det ofc attn fr br approx est viz ie eg i.e e.g esp incl al. ste hr mssrs gens sens govs profs drs
        ph.d.s
    """,
    "de": """
        fa fam gebr temp mitarb hr fr frl dipl mag jun sen z.b z.t u.a d.h d.i i.d.r o.ä o.g s.o s.u u.u v.a v.a.d z.z
        zz zt bzw bspw evtl ggf inkl exkl zzgl abzgl vgl sog bes insb insbes allg ehem geb gest verh gem lt mind max
        min rd ungef urspr vermutl wiss ing phil med jur rer nat habil hl st kath evang dt engl franz lat griech hrsg
        ders dies ebd nachm vorm stv stellv tägl röm österr schweiz amerik brit russ chin ital span poln tschech gegr
        usf
    """,
    "fr": """
        m mm mme mmes mlle mlles me mgr pr vve ste dr drs cie env av apr ex c.-à-d c.à.d p.ex i.e éd trad chap adj gén
        col cap lieut sgt bd boul
    """,
    "es": """
        col cdad sr sra srta sres sras dr dra dres lic ing arq prof profa d dña da don fr gral cnel cap tte sto sta
        stos av avda avd admón gob pdte pdta mons rvdo excmo excma ilmo ilma hno hna núm num tel telf dpto depto pág
        págs párr párrf aprox p.ej p.e ej fdo cra
    """,
    "it": """
        sig sigg sig.ra sig.na dott dott.ssa ing avv prof prof.ssa arch geom rag on sen dir amm cav comm mons egr gent
        spett ill psicol c.so v.le p.za p.zza es ad.es cfr cd ca tel s.p.a v.cte rev gen col cap ten
    """,
    "pt": """
        sr sra srs sras srta dr dra drs prof profa eng enga arq exmo exma ilmo ilma d dª gen cel cap ten sgt av r pç
        dep sen gov pres min d.c a.c p.ex aprox tel núm pág págs cia ltda
    """,
    "nl": """
        dhr mevr mw dr drs ir ing mr prof ds jhr bijv bv d.w.z m.a.w m.b.t t.a.v o.a o.m i.p.v i.v.m t.o.v nl ca resp
        incl excl evt zgn zg vgl red aanw vnw mej gebr st afd blz jl vs gen kol kap lt
    """,
    "da": """
        chr skt cand hr fr frk dr prof adv bl.a f.eks ca d.v.s dvs iflg ifm inkl ekskl jf jvf m.v mht mia obs pga pr
        red sen t.h t.v tlf vedr vh stud lic mag pers gl ang ass bd ds evt forf forv fhv gd gh hhv indl if jun kbh kgl
        kap komm kons lejl lfm lok mfl ndf nuv nørr opl p.t s.å s.u sdr sml smp tdl tilh udg udn udv upubl vej vs ø å
        h.k.h afs ald alm e.l el ekspl eng epil erh etc fa fig flg frits gns genopf gr hft hj ill inst int isl jr lb
        m.h.t nat ned nto opr ovf p.g.a pl pp ref repr s.d sa sb sek sign spec st suppl sv t.eks talt tirs tors tr trp
        ugtl ult utv v.s
    """,
    "sv": """
        chr hr fr dr prof bl.a t.ex d.v.s dvs ca resp inkl exkl jfr s.k f.d fr.o.m t.o.m e.d st tel forts m.a.o p.g.a
        pga
    """,
    "no": "chr hr fr dr prof bl.a f.eks d.v.s dvs ca jf jfr s.k f.d fr.o.m t.o.m e.l st tlf mht pga inkl ekskl",
    "fi": "hra rva dr prof esim mm ts eli ks vrt n noin puh os eaa ao",
    "pl": """
        ur zm p dr hab prof inż mgr lek lic red ks bp abp kard o s św gen płk mjr kpt por sierż ul al pl os im m.in np
        tzn tzw tj tys mln mld ok godz zob str t wyd woj pow gm pn płd wsch zach łac ang niem ros franc bałt hist b.r
        ub br wg ww ds ps mec arch inz
    """,
    "cs": """
        vč arch p pí sl dr ing mgr bc mudr judr phdr rndr prof doc gen plk kpt por np např tj tzv tzn mj popř resp cca
        sv ul mil mld tis nám tř tel odd zn kupř srv vl okr býv stol r s.r.o a.s v.o.s o.s
    """,
    "sk": """
        vr p pí sl dr ing mgr bc mudr judr phdr rndr prof doc gen plk kpt por npor napr tj tzv tzn resp príp cca sv ul
        nám tel okr býv stor r vyd s.r.o a.s sp spol akad arch art
    """,
    "ru": """
        нар ум г гг в вв р руб коп тыс млн млрд трлн ул пр просп пер пл д стр обл оз гос им пгт пос дер с ст н.э проф
        акад доц инж ред изд т.е т.к т.н и.о см ср напр т тов гр г-н г-жа св о дол долл у.е мин макс рис табл гл п пп
        ч чл кг км мм га куб англ нем фр лат греч рус ок прим жен муж род губ уезд полк ген кап лейт сев зап вост юж
        сокр эт доп авт пом зам нач
    """,
    "uk": """
        нар пом р рр в вул просп пл обл оз ім м с смт журн вид чл чл.-кор стор проф акад доц інж ред т.з т.зв див напр
        тов гр св о грн коп тис млн млрд табл гл п ч кг км см мм
    """,
    "bg": """
        ив ст хр вл дим ал кр бог г гг в вв р лв хил млн млрд ул бул пл ж.к кв бл вх ап обл гр с общ проф акад доц инж
        д-р арх ред изд т.е т.нар т.г и.д вкл напр вж срв св о ген полк подп кап чл мин макс стр рис табл
    """,
    "kk": "т.б т г ғ ж ғғ жж б.з.б б.з млн млрд мың проф акад доц қ обл ауд көш см км кг",
    "el": """
        κ κα κ.κ δρ καθ κος αρ σελ π.χ δηλ βλ πρβλ λ.χ κ.λπ κ.ά κ.α μ.χ π.μ μ.μ τηλ οδ λεωφ εκ αγ οικ στρ υπολ χλμ τ.μ
    """,
    "tr": "dr prof doç yrd av sn bk bkz örn yy mah cad sok apt no tel alb gen kur mim müh uzm öğr",
    "hu": "dr prof ifj id özv pl kb ill u.n ún vö ld sz u utca krt hg db fő st szt",
    "ro": "dl dna dnei dr prof ing acad gen col mr lt cap str bd ex vol cca sf sec",
    "hr": "dr prof mr mag ing dipl g gđa gđica npr tj tzv sl sv ul god st o.g tel",
    "sl": "dr prof mag ing dipl g ga gdč npr tj tzv t.i sv ul oz l",
    "sr": "др проф г-ђа г-дин нпр тј тзв сл св ул год dr prof npr tj tzv sv ul god",
    "et": "dr prof hr pr nt lk vm u st s.t skt tn mnt lp a",
    "lv": "dr prof piem t.i t.s plkst lpp sk nr g ist",
    "lt": "dr prof pvz t.y nr psl g a.a sen m d val",
    "hy": "",
    "hi": """
        आई डॉ डा श्री श्रीमती सुश्री प्रो पं मि रु कि मी स्व ले कर्नल ई ए बी सी डी एफ एच जे के एल एम एन ओ पी क्यू आर
        एस टी यू वी डब्ल्यू एक्स वाई
    """,
    "mr": """
        आय आई डॉ श्री सौ कु प्रा प्रो पं रु स्व इ ए बी सी डी एफ एच जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू
        एक्स वाई
    """,
    "kn": "ಡಾ ಶ್ರೀ ಶ್ರೀಮತಿ ಪ್ರೊ ರೂ ಕಿ ಮೀ ಕು ನಂ ತಾ ಜಿ ಪಂ ಇ ಎ ಬಿ ಸಿ ಡಿ ಎಫ್ ಎಚ್ ಜೆ ಕೆ ಎಲ್ ಎಂ ಎನ್ ಪಿ ಆರ್ ಎಸ್ ಟಿ ಯು ವಿ",
    "ar": "د أ م ص ج هـ ق س ت",
    "fa": "د ص ج ش ه ق م",
    "bn": "মো মোসা মু সৈ ড ডা প্রফে এড অ্যাড রা কি মি সে খ্রি রু এ বি সি ডি এফ জি এইচ জে কে এল এম এন পি আর এস টি ভি",
    "vi": "ts ths gs pgs bs ks ls tp q tx tt gđ pgđ nsnd nsưt đ/c hcm",
    "id": "dr h hj ir drs dra prof jl jln tgl hlm a.n kab kec tn ny s.d u.p yth",
    "ms": "dr h hj ir prof jln tn pn en dato sdn y.b y.a.b",
    "af": "mnr mev mej dr prof adv ds e.d bv d.w.s m.a.w genl sers insp kol",
    "ca": "sr sra srta srs dr dra d na en núm tel av avda c pl pg pàg aprox p.ex ex art gral",
    "gl": "sr sra d dna dr dra prof núm av pz p.ex",
    "is": "dr prof sr frú hr t.d þ.e u.þ.b f.h e.h þ.m m.a bls sbr t.a.m f.kr e.kr",
    "mk": "д-р проф м-р бр ул г-дин г-ѓа т.е т.н итн чл св",
    "be": "вул пр пл д акад праф гр г.зн т.зв ім св",
    "az": "dr prof k/s m.ə və s küç b.k",
    "sq": "z znj zt dr prof p.sh etj nr rr",
    "tl": "g gng bb dr atty engr gov sen rep brgy sta sto",
    "te": "డా శ్రీ ప్రొ రూ కి మీ నం ఎ బి సి డి ఎఫ్ జి హెచ్ జె కె ఎల్ ఎం ఎన్ పి ఆర్ ఎస్ టి యు వి",
    "ta": "திரு டாக்டர் பேரா ரூ கி மீ ஏ பி சி டி எஃப் ஜி எச் ஜே கே எல் எம் என் ஆர் எஸ் யு வி",
    "ml": "ഡോ പ്രൊ ശ്രീ പ്രൊഫ രൂ കി മീ അഡ്വ എ ബി സി ഡി എഫ് ജി എച്ച് ജെ കെ എൽ എം എൻ പി ആർ എസ് ടി യു വി",
    "gu": "ડૉ ડો શ્રી પ્રો રૂ કિ મી એ બી સી ડી એફ જી એચ જે કે એલ એમ એન પી આર એસ ટી યુ વી",
    "ne": """
        डा श्री प्रा रु कि मी नं इ वि सं ए बी सी डी एफ एच जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई
    """,
    "ur": "اے بی سی ڈی ای ایف جی ایچ آئی جے کے ایل ایم این او پی کیو آر ایس ٹی یو وی ڈبلیو ایکس وائی زیڈ",
    "nb": "chr",
}

COUNTED = {
    "en": """
        nos rs pg pgs chap ch sec para pt vols figs op ser ed eds eq rev c b d r fl jan feb mar apr jun jul aug sep
        sept oct nov dec
    """,
    "de": "s seite bd bde kap abs abb anm aufl hst jg jh lfd pos ziff § rn rz sp str zi az j",
    "fr": "al art chap sect par n° numéro t §",
    "es": """
        núms pág págs ap cl piso ext inc fig min seg lun mar mié jue vie sáb dom ene feb abr may jun jul ago sep sept
        oct nov dic
    """,
    "it": "pag pagg n nn vol art lett gen feb mar apr mag giu lug ago set sett ott nov dic",
    "nl": "art lid sub par nrs hfst afb blz hfdst jan feb mrt apr jun jul aug sep sept okt nov dec",
    "ru": "№ стр ст пп гл табл рис том кв корп д янв февр фев мар апр авг сент сен окт нояб ноя дек",
    "bg": "фиг табл с № чл ал т стр",
    "kk": "№",
    "pl": "tab rys rozdz ust par t nr str poz art pkt",
    "hi": "क्र सं",
    "cs": "obr s č čís str odst čl §",
    "sk": "obr s č čís str odst čl §",
    "da": "fig s kl pkt årg afd stk side",
    "sv": "fig s kl kap sid avd",
    "no": "fig s kl pkt kap",
    "uk": "буд корп кв № стр ст рис січ лют бер квіт трав черв лип серп вер жовт груд",
    "hr": "br čl str št стр чл бр",
    "sl": "br čl str št стр чл бр",
    "sr": "br čl str št стр чл бр",
    "ro": "nr art alin lit pag",
    "fi": "s klo nro",
    "is": "sl bls nr kl",
    "id": "jan feb mar apr agt okt nov des no pasal",
    "el": "άρθρ άρθ παρ σελ αρ κεφ εδ εικ πιν τ ν π.δ",
    "tr": "şek tab s",
    "hu": "s",
}

ENDS = {
    "en": """
        ave blvd rd hwy pkwy sq pl dr st cie assn dept univ mfg bldg jan feb mar apr jun jul aug sep sept oct nov dec
        mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan kans ky la
        mass md mich minn miss mo mont neb nebr nev okla ore pa penn tenn tex va vt wash wis wyo ont que ph.d m.d b.a
        m.a esq ret oz lb lbs ft min sec hr hrs
    """,
    "de": "usw etc mio mrd str jan febr feb mär apr jun jul aug sept sep okt nov dez tsd std sek min co inh u.v.m",
    "fr": "etc cie janv févr avr juil sept oct nov déc",
    "es": "etc uds ud vd vds ee.uu ee uu cía ltda s.a km hs",
    "it": "ecc etc s.r.l s.n.c",
    "pt": "etc ltda cia s.a jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "enz etc e.d b.v n.v jan feb mrt apr jun jul aug sep sept okt nov dec mln mld",
    "da": "mv osv m.m a/s aps mill jan feb mar apr jun jul aug sep sept okt nov dec",
    "sv": "osv m.m etc jan feb mar apr jun jul aug sep sept okt nov dec mkr",
    "no": "osv m.m etc mill mrd jan feb mar apr jun jul aug sep sept okt nov des",
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
    "nl": "enz etc",
    "da": "osv m.m m.fl mv o.l",
    "sv": "osv o.s.v m.m m.fl etc",
    "no": "osv m.m m.fl o.l",
    "fi": "jne yms ym jms",
    "et": "jne jm jt",
    "pl": "itd itp",
    "cs": "atd apod aj",
    "sk": "atď apod",
    "sl": "itd ipd",
    "hr": "itd",
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
    "en": "km kg cm mm m.p.h mph sq in ft lb lbs oz yd yds mi gal f c",
    "fr": "h min s km kg",
    "es": "h hs min km kg m",
    "pt": "h min km kg",
    "it": "h min km kg",
    "ca": "h min km kg",
    "nl": "km kg cm",
    "da": "kr mio mia mrd pct km kg min",
    "sv": "kr mkr proc km kg min",
    "no": "kr mill mrd pst km kg min",
    "fi": "km kg min milj mrd",
    "pl": "zł gr km kg cm min godz",
    "cs": "kč h hod min km kg hal",
    "sk": "h hod min km kg eur",
    "hu": "ft km kg",
    "sl": "eur km kg",
    "hr": "kn km kg eur",
    "ro": "lei km kg",
    "tr": "km kg",
    "lt": "eur km kg",
    "lv": "km kg eur",
    "ru": "м т л руб коп чел км кг см мм га ч мин сек долл",
    "uk": "м т л грн коп км кг см га год хв осіб крб",
    "bg": "лв ст ч км кг мин",
    "be": "руб км кг гадз",
}

YEARS = {
    "en": "b.c a.d c.e b.c.e",
    "pl": "r w",
    "ru": "в вв",
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
