"""Words that a full stop does not end, by language, and the words that sentences like to start with. Facts, no logic.

`TITLES` never end a sentence before a capital (Dr. Weber). `COUNTED` are abbreviations only before a number (No. 5,
S. 12). `ENDS` may end one: they do where a usual first word follows (… & Co. It closed).
"""

COMMON_TITLES = "dr prof st mr mrs ms mt ft vs ca cf"
COMMON_COUNTED = "no nr nos n° nº № vol tel fig p pp art cap ext tab"
COMMON_ENDS = "inc ltd co corp bros jr sr etc ing llc plc"

TITLES = {
    "en": """
        messrs mmes mx rev hon gen col lt sgt capt cmdr adm maj sen reps rep gov pres supt pvt cpl insp supt det ofc
        attn fr br approx est viz ie eg i.e e.g esp incl al. ste hr mssrs gens sens govs profs drs ph.d.s
    """,
    "de": """
        hr fr frl dipl mag jun sen z.b z.t u.a d.h d.i i.d.r o.ä o.g s.o s.u u.u v.a v.a.d z.z zz zt bzw bspw evtl
        ggf inkl exkl zzgl abzgl vgl sog bes insb insbes allg ehem geb gest verh gem lt mind max min rd ungef urspr
        vermutl wiss ing phil med jur rer nat habil hl st kath evang dt engl franz lat griech hrsg ders dies ebd
        nachm vorm stv stellv tägl röm österr schweiz amerik brit russ chin ital span poln tschech gegr usf
    """,
    "fr": """
        m mm mme mmes mlle mlles me mgr pr vve ste dr drs cie env av apr ex c.-à-d c.à.d p.ex i.e éd trad chap adj
        gén col cap lieut sgt bd boul
    """,
    "es": """
        sr sra srta sres sras dr dra dres lic ing arq prof profa d dña da don fr gral cnel cap tte sto sta sto stos
        av avda avd admón gob pdte pdta mons rvdo excmo excma ilmo ilma hno hna núm num tel telf dpto depto pág págs
        párr párrf aprox p.ej p.e ej fdo cra
    """,
    "it": """
        sig sigg sig.ra sig.na dott dott.ssa ing avv prof prof.ssa arch geom rag on sen dir amm cav comm mons egr
        gent spett ill psicol c.so v.le p.za p.zza ecc es ad.es cfr cd ca tel s.p.a v.cte rev gen col cap ten
    """,
    "pt": """
        sr sra srs sras srta dr dra drs prof profa eng enga arq exmo exma ilmo ilma d dª gen cel cap ten sgt av r pç
        dep sen gov pres min d.c a.c p.ex aprox tel núm pág págs cia ltda
    """,
    "nl": """
        dhr mevr mw dr drs ir ing mr prof ds jhr bijv bv d.w.z m.a.w m.b.t t.a.v o.a o.m i.p.v i.v.m t.o.v nl ca
        resp incl excl evt zgn zg vgl red aanw vnw mej gebr st afd blz jl vs gen kol kap lt
    """,
    "da": """
        hr fr frk dr prof adv bl.a f.eks ca d.v.s dvs iflg ifm inkl ekskl jf jvf kl m.fl m.m m.v mht mia mio mrd nr
        obs osv pga pr red sen skt stk t.h t.v tlf vedr vh cand stud lic mag pers pkt afd årg gl ang ass bd ds evt
        forf forv fhv gd gh hhv indl if jun kbh kgl kap kr komm kons lejl lfm lok mfl ndf nuv nørr opl pct p.t s.å
        s.u sdr sml smp tdl tilh udg udn udv upubl vej vs ø å h.k.h afs ald alm e.l el ekskl ekspl eng epil erh etc
        fa fig flg frits gns genopf gr hft hj ill inst int isl jr lb m.h.t nat ned nto o.l opr ovf p.g.a pl pp ref
        repr s.d sa sb sek sign spec st suppl sv t.eks talt tirs tors tr trp ugtl ult utv v.s
    """,
    "sv": """
        hr fr dr prof bl.a t.ex d.v.s dvs m.m m.fl o.s.v osv ca resp inkl exkl jfr kl nr s.k f.d fr.o.m t.o.m e.d st
        tel forts m.a.o p.g.a pga
    """,
    "no": """
        hr fr dr prof bl.a f.eks d.v.s dvs m.m m.fl osv ca jf jfr kl nr s.k f.d fr.o.m t.o.m e.l st tlf mht pga inkl
        ekskl
    """,
    "fi": "hra rva dr prof esim mm ym yms ts eli ks vrt n noin klo nro puh os eaa ao",
    "pl": """
        p dr hab prof inż mgr lek lic red ks bp abp kard o s św gen płk mjr kpt por sierż ul al pl os im m.in np tzn
        tzw tj tys mln mld ok godz zob por str t red wyd woj pow gm pn płd wsch zach łac ang niem ros franc bałt
        hist b.r ub br wg ww ds ps mec arch inz
    """,
    "cs": """
        p pí sl dr ing mgr bc mudr judr phdr rndr prof doc gen plk kpt por np např tj tzv tzn mj popř resp cca č čís
        str sv ul nám tř tel odd zn odst kupř srv vl okr býv stol r s.r.o a.s v.o.s o.s
    """,
    "sk": """
        p pí sl dr ing mgr bc mudr judr phdr rndr prof doc gen plk kpt por npor napr tj tzv tzn resp príp cca č čís
        str sv ul nám tel okr býv stor r odst vyd s.r.o a.s sp spol akad arch art
    """,
    "ru": """
        г гг в вв р руб коп тыс млн млрд трлн ул пр просп пер пл д кв корп стр обл оз гос им пгт пос дер с ст н.э
        проф акад доц инж ред изд т.е т.к т.н т.д т.п и.о см ср напр т тов гр г-н г-жа св о дол долл у.е мин макс
        рис табл гл п пп ч чл кг км мм см га куб англ нем фр лат греч рус ок прим жен муж род губ уезд полк ген кап
        лейт сев зап вост юж млн сокр эт доп авт пом зам нач
    """,
    "uk": """
        р рр в ст вул просп пл обл оз ім м с смт проф акад доц інж ред т.з т.зв т.д т.п див напр тов гр св о грн коп
        тис млн млрд рис табл гл п ч кг км см мм
    """,
    "bg": """
        г гг в вв р лв ст хил млн млрд ул бул пл ж.к кв бл вх ап обл гр с общ проф акад доц инж д-р арх ред изд т.е
        т.нар т.г т.н и.д вкл напр вж срв св о ген полк подп кап чл ал мин макс стр рис табл
    """,
    "kk": "т.б т г ғ ж ғғ жж б.з.б б.з млн млрд мың проф акад доц қ обл ауд көш см км кг",
    "el": """
        κ κα κ.κ δρ καθ κος αρ σελ π.χ δηλ βλ πρβλ λ.χ κ.λπ κ.ά κ.α μ.χ π.μ μ.μ τηλ οδ λεωφ εκ αγ οικ στρ υπολ χλμ
        τ.μ
    """,
    "tr": "dr prof doç yrd av sn bk bkz vb vs örn yy mah cad sok apt no tel alb gen kur mim müh uzm öğr",
    "hu": "dr prof ifj id özv pl kb ill stb u.n ún vö ld sz u utca krt hg db fő st szt",
    "ro": "dl dna dnei dr prof ing acad gen col mr lt cap str bd nr art alin lit pag ex vol cca sf sec",
    "hr": "dr prof mr mag ing dipl g gđa gđica npr tj tzv itd sl str sv ul br god st o.g tel čl",
    "sl": "dr prof mag ing dipl g ga gdč npr tj tzv t.i itd ipd str sv ul št čl oz dr l",
    "sr": "др проф г-ђа г-дин нпр тј тзв итд сл стр св ул бр год dr prof npr tj tzv itd str sv ul br god",
    "et": "dr prof hr pr nt lk jne vm jt u st s.t skt tn mnt lp",
    "lv": "dr prof piem u.c utt t.i t.s plkst lpp sk nr g ist",
    "lt": "dr prof pvz t.y t.t pan kt nr psl g a.a sen m d val",
    "hy": "",
    "hi": "डॉ डा श्री श्रीमती सुश्री प्रो पं मि रु कि मी स्व ले कर्नल ई",
    "mr": "डॉ श्री सौ कु प्रा प्रो पं रु स्व इ",
    "kn": "ಡಾ ಶ್ರೀ ಶ್ರೀಮತಿ ಪ್ರೊ ರೂ ಕಿ ಮೀ ಕು ನಂ ತಾ ಜಿ ಪಂ ಇ",
    "ar": "د أ م ص ج هـ ق س ت",
    "fa": "د ص ج ش ه ق م",
}

COUNTED = {
    "en": """
        nos rs pg pgs chap ch sec para pt vols figs op ser ed eds eq rev c b d r fl jan feb mar apr jun jul aug sep
        sept oct nov dec
    """,
    "de": "s seite bd bde kap abs abb anm aufl hst jg jh lfd pos ziff § rn rz sp str zi az j",
    "fr": "n° numéro t §",
    "es": """
        núms pág págs ap cl piso ext inc fig min seg lun mar mié jue vie sáb dom ene feb abr may jun jul ago sep
        sept oct nov dic
    """,
    "it": "pag pagg n nn vol art lett gen feb mar apr mag giu lug ago set sett ott nov dic",
    "nl": "blz hfdst jan feb mrt apr jun jul aug sep sept okt nov dec",
    "ru": "№ стр ст пп гл табл рис том",
    "bg": "№ чл ал т стр",
    "kk": "№",
    "pl": "nr str poz art ust pkt rozdz",
    "hi": "क्र सं",
}

ENDS = {
    "en": """
        ave blvd rd hwy pkwy sq pl dr st cie assn dept univ mfg bldg jan feb mar apr jun jul aug sep sept oct nov
        dec mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan kans ky
        la mass md mich minn miss mo mont neb nebr nev okla ore pa penn tenn tex va vt wash wis wyo ont que ph.d m.d
        b.a m.a m.b.a d.d.s esq ret oz lb lbs ft in min sec hr hrs
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
    "pl": "itd itp zł gr r w wiek",
    "cs": "atd apod aj kč",
    "sk": "atď apod sk",
    "ru": "т.д т.п др пр",
    "uk": "т.д т.п ін",
    "tr": "vb vs a.ş ltd şti",
    "hu": "stb rt kft zrt bt",
    "ro": "etc s.a",
}

STARTERS = {
    "en": """
        the a an in it he she they but and this that these those on at as we if for to you i his her when while
        after before since with there what so how why who where which did do does is are was were has have had can
        could will would should may might let's our my their its it's i'm i've i'd we're they're he's she's that's
        there's your some many most all no not now then here however meanwhile according also both each every even
        another other one two three four five several few earlier later last by from during under between among
        despite although though because yet or nor once please yes see next until unlike like such only just still
        today yesterday tomorrow instead finally thus therefore moreover additionally indeed perhaps maybe about
        over officials police
    """,
    "de": """
        der die das ein eine einer eines einem einen er sie es wir ihr ich man und aber doch in im am an auf aus bei
        bis mit nach seit von vom vor zu zum zur für um als wenn wie weil da damit dies diese dieser dieses so auch
        nun dann danach dort hier heute gestern nur nicht kein keine was wer wo warum mehr alle viele beide sein
        seine seinen ihre ihren während trotz unter über durch gegen ohne zwischen zudem außerdem allerdings dabei
        dazu dafür jedoch deshalb daher bereits noch
    """,
    "fr": """
        le la les un une des l' il elle ils elles on nous vous je tu ce cette ces c' d' en dans sur sous pour par
        avec sans mais et ou donc or ni car au aux à de du que qui quand si selon après avant depuis pendant alors
        ainsi son sa ses leur leurs notre nos votre mon ma mes tout tous toutes plus dès lors cependant pourtant
    """,
    "es": """
        el la los las un una unos unas él ella ellos ellas se su sus lo le les en de del al a con sin por para como
        cuando si y pero o ni que quien donde este esta estos estas ese esa eso esto también según tras desde hasta
        entre sobre durante después antes ahora así no más muy todo todos cada mi mis nuestro yo nosotros usted hoy
        ayer gracias además
    """,
    "it": """
        il lo la i gli le un uno una l' egli ella essi loro noi voi io tu si in nel nella nei nelle di del della dei
        delle da dal dalla a al alla ai alle con su sul sulla per tra fra ma e o se che chi quando come dove questo
        questa questi queste quello quella così anche secondo dopo prima non più tutto tutti ogni suo sua suoi
        nostro oggi ieri grazie è
    """,
    "pt": """
        o a os as um uma uns umas ele ela eles elas se em no na nos nas de do da dos das por para com sem como
        quando mas e ou que quem onde este esta esse essa isso isto também segundo após desde até entre sobre
        durante depois antes agora assim não mais seu sua seus suas ao à hoje ontem
    """,
    "nl": """
        de het een hij zij ze we wij ik je jij u er dit dat deze die in op van voor met aan bij naar om uit over
        onder na tot als maar en of want toen dan nu ook niet geen wat wie waar hoe waarom zijn haar hun ons volgens
        tijdens sinds daarna
    """,
    "da": """
        den det de en et han hun vi i jeg du der dette denne disse på af for med til ved om under over efter før som
        men og eller hvis når da nu så også ikke ingen hvad hvem hvor hvordan hans hendes deres vores ifølge siden
    """,
    "sv": """
        den det de en ett han hon vi ni jag du det där detta denna dessa på av för med till vid om under över efter
        före som men och eller när då nu så också inte ingen vad vem var hur hans hennes deras vår enligt sedan i
    """,
    "no": """
        den det de en et ei han hun vi jeg du der dette denne disse på av for med til ved om under over etter før
        som men og eller hvis når da nå så også ikke ingen hva hvem hvor hvordan hans hennes deres vår ifølge siden
        i
    """,
    "pl": """
        w we z ze na do od o po przed przy pod nad za dla bez ten ta to te ci on ona oni one my ja ty jego jej ich
        nasz i a ale lecz lub czy gdy kiedy jeśli jak co kto gdzie nie tak już także też jednak według podczas
        dlatego teraz dziś
    """,
    "cs": """
        v ve z ze na do od o po před při pod nad za pro bez ten ta to ti on ona oni my já jeho její jejich i a ale
        nebo když jak co kdo kde ne už také však podle
    """,
    "sk": """
        v vo z zo na do od o po pred pri pod nad za pre bez ten tá to tí on ona oni my ja jeho jej ich i a ale alebo
        keď ako čo kto kde nie už tiež však podľa
    """,
    "ru": """
        в во на с со к ко по о об от до из за у при для без через над под он она оно они мы я вы ты это этот эта эти
        тот та те и а но или если когда как что кто где не так также однако его её ее их наш ещё уже после перед
        во-первых согласно теперь
    """,
    "el": """
        ο η το οι τα ένας μια ένα αυτός αυτή αυτό στο στη στην στον στις για με από και αλλά ή αν όταν όπως που
        ποιος δεν μια σε
    """,
    "hr": "u na s sa za od do po o i a ali ili on ona oni mi ja to taj ta kada kako što tko gdje ne",
    "sl": "v na s z za od do po o in a ali on ona oni mi jaz to ta ko kako kaj kdo kje ne",
    "hu": "a az egy ő ez és de vagy ha amikor mint hogy nem is ezt azt",
    "tr": "bu o bir ve ama fakat biz ben siz onlar şu ancak çünkü",
    "ro": "în la de un o el ea ei ele noi eu și dar sau dacă când cum ce cine unde nu acest această",
}
"""First words that hardly ever belong to a name."""

ORDINALS = "bs cs da de et eu fi fo hr hu is lb lt lv mk nb nn no pl sk sl sr tr"
"""Languages that write the first as 1. and the twelfth as XII."""

ATTRIBUTION = "added adds asked asks explained recalled replied said says shouted told wrote"
EXCLAIMED = "jeopardy joomla yahoo yum"
"""Names that carry their exclamation mark."""

TIMES = "a.m am p.m pm"
AFTER_TIMES = """
    aest apr april aug august bst cdt central cest cet cst ct dec december eastern edt est et feb february fri
    friday gmt ist jan january jst jul july jun june local mar march may mdt mon monday mountain mst mt nov november
    oct october pacific pdt pst pt sat saturday sep sept september sun sunday thu thur thurs thursday tue tues
    tuesday utc wed wednesday
"""
"""What goes on after a time of day."""
