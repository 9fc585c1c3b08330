"""Abbreviations that never end a sentence before a capital, by language: Dr. Weber, u. a. Milch. Facts, no logic."""

TITLES = {
    "en": """
        amb asst assoc atty bldg brig cpt comdr comm cong cdr del det dir encl eng ens exec fig insp jct lieut mgr
        mlle mme msgr pfc presb prin prov pvt rcpt rte ste vice-pres w.o wkly chr wm geo thos chas messrs mmes mx rev
        hon gen col lt sgt capt cmdr adm maj sen reps rep gov pres supt cpl ofc attn fr br approx est viz ie eg i.e
        e.g esp incl hr mssrs gens sens govs profs drs ph.d.s
        prof
    """,
    "de": """
        bgm obgm min.-präs stadtr abg dir kfm kffr rechtsanw ra hptm oblt lt ltn gen maj oberst univ.-prof mag.a dr.in
        u.v.a o.a i.v i.a p.a bd.-wahl fa fam gebr temp mitarb hr fr frl dipl mag jun sen z.b z.t u.a d.h d.i i.d.r
        o.ä o.g s.o s.u u.u v.a v.a.d z.z zz zt bzw bspw evtl ggf inkl exkl zzgl abzgl vgl sog bes insb insbes allg
        ehem geb gest verh gem mind max min rd ungef urspr vermutl wiss ing phil med jur rer nat habil hl st kath
        evang dt engl franz lat griech hrsg ders dies ebd nachm vorm stv stellv tägl röm österr schweiz amerik brit
        russ chin ital span poln tschech gegr usf
        fa bgm
    """,
    "fr": """
        cdt cne brig amb dép sén préf arch dir prés vice-prés sts stes faub fbg pl rte imp chem tél réf m mm mme mmes
        mlle mlles me mgr pr vve ste dr drs cie env av apr ex c.-à-d c.à.d p.ex i.e éd trad chap adj gén col cap lieut
        sgt bd boul
    """,
    "es": """
        cmdte sgto alte pbro dip sen min pres vpdte srio dir urb ctra pza plza pje edif bo bda mz blvd calz carr gta
        prol fracc mpio prov apdo cte subte col cdad sr sra srta sres sras dr dra dres lic ing arq prof profa d dña da
        don fr gral cnel cap tte sto sta stos av avda avd admón gob pdte pdta mons rvdo excmo excma ilmo ilma hno hna
        núm num tel telf dpto depto pág págs párr párrf aprox p.ej p.e ej fdo cra
    """,
    "it": """
        pont naz magg brig serg min pres dep ass not fraz loc p.le p.tta l.go lgo v.lo sig sigg sig.ra sig.na dott
        dott.ssa ing avv prof prof.ssa arch geom rag on sen dir amm cav comm mons egr gent spett ill psicol c.so v.le
        p.za p.zza es ad.es cfr cd ca tel s.p.a v.cte rev gen col cap ten
    """,
    "pt": """
        gal gral maj brig alm ver pref dir adv pe fr sto sta rev mons trav alam rod estr bl ed cj qd sd sr sra srs
        sras srta dr dra drs prof profa eng enga arq exmo exma ilmo ilma d dª gen cel cap ten sgt av r pç dep sen gov
        pres min d.c a.c p.ex aprox tel núm pág págs cia ltda
    """,
    "nl": """
        min.-pres staatssecr burg vz secr mgr kard z.e v.d adv not insp luit t.n.v t.b.v i.h.b m.b.v i.s.m m.n ong plm
        dir gem dhr mevr mw dr drs ir ing mr prof ds jhr bijv bv d.w.z m.a.w m.b.t t.a.v o.a o.m i.p.v i.v.m t.o.v nl
        ca resp incl excl evt zgn zg vgl red aanw vnw mej gebr st afd blz jl vs gen kol kap lt
        drs dra fa wed jkvr jkhr mevr bc past zr gebrs
    """,
    "da": """
        iflg enl dir kapt oberst gen ing sekr vicedir adm n.n chr skt cand hr fr frk dr prof adv bl.a f.eks ca d.v.s
        dvs ifm inkl ekskl jf jvf m.v mht mia obs pga pr red sen t.h t.v tlf vedr vh stud lic mag pers gl ang ass bd
        ds evt forf forv fhv gd gh hhv indl if jun kbh kgl kap komm kons lejl lfm lok mfl ndf nuv nørr opl p.t s.å s.u
        sdr sml smp tdl tilh udg udn udv upubl vej vs ø å h.k.h afs ald alm e.l el ekspl eng epil erh etc fa fig flg
        frits gns genopf gr hft hj ill inst int isl jr lb m.h.t nat ned nto opr ovf p.g.a pl pp ref repr s.d sa sb sek
        sign spec st suppl sv t.eks talt tirs tors tr trp ugtl ult utv v.s
    """,
    "sv": """
        enl kapt gen lekt dir ing red sekr ordf kungl kgl o.d f.n n.b i.st.f fil med tekn jur chr hr fr dr prof bl.a
        t.ex d.v.s dvs ca resp inkl exkl jfr s.k f.d fr.o.m t.o.m e.d st tel forts m.a.o p.g.a pga
        fru dir prof f.d
    """,
    "no": """
        adm dir kapt oblt maj gen fung cand ing kgl frk adv tidl bl.a m.a ifm ift iht vedr mtp evt ang maks chr hr fr
        dr prof f.eks d.v.s dvs ca jf jfr s.k f.d fr.o.m t.o.m e.l st tlf mht pga inkl ekskl
    """,
    "fi": """
        ent tri maist dos lis dipl ins kapt maj evl kenr amir ns nk ko em pj synt kuol vt arv alk emer hra rva dr prof
        esim mm ts eli ks vrt n noin puh os eaa ao
    """,
    "pl": """
        rez kpr plut mł asp podkom nadkom insp nadinsp komis adm kmdr bryg wiceadm prob dyr kier przew sekr min
        wicemin marsz pos sen prez wiceprez prok adw not reż zam zast ew gł ur zm cyt wyd oprac tłum przeł p.o p dr
        hab prof inż mgr lek lic red ks bp abp kard o s św gen płk mjr kpt por sierż ul al pl os im m.in np tzn tzw tj
        tys mln mld ok godz zob str t woj pow gm pn płd wsch zach łac ang niem ros franc bałt hist b.r ub br wg ww ds
        ps mec arch inz
    """,
    "cs": """
        pplk npor ppor rtm prap mjr genmjr des svob brig red odb thdr paeddr mddr mvdr rsdr pharmdr kard řed nábř sídl
        zvl spol vč arch p pí sl dr ing mgr bc mudr judr phdr rndr prof doc gen plk kpt por np např tj tzv tzn mj popř
        resp cca sv ul mil mld tis nám tř tel odd zn kupř srv vl okr býv stol r s.r.o a.s v.o.s o.s
    """,
    "sk": """
        pplk ppor rtm mjr genmjr brig red thdr paeddr mvdr kard riad nábr sídl zvl vr p pí sl dr ing mgr bc mudr judr
        phdr rndr prof doc gen plk kpt por npor napr tj tzv tzn resp príp cca sv ul nám tel okr býv stor r vyd s.r.o
        a.s sp spol akad arch art
    """,
    "ru": """
        имп кн бар адм контр-адм вице-адм подполк ген.-майор ген.-лейт ген.-полк серж еп архиеп митр патр прот свящ
        иером игум прп свт чл.-корр чл.-кор канд д-р арх худ реж комп дир пред председ зав упр секр прокур адв корр
        сост наб бул туп мкр мкрн р-н респ ст-ца хут муниц нац иностр отеч врио наст нар ум г гг в вв р руб коп тыс
        млн млрд трлн ул пр просп пер пл д стр обл оз гос им пгт пос дер с ст н.э проф акад доц инж ред изд т.е т.к
        т.н и.о см ср напр т тов гр г-н г-жа св о дол долл у.е мин макс рис табл гл п пп ч чл кг км мм га куб англ нем
        фр лат греч рус ок прим жен муж род губ уезд полк ген кап лейт сев зап вост юж сокр эт доп авт пом зам нач
    """,
    "uk": """
        ген полк підполк кап лейт серж адм єп архієп митр прот кн імп гетьм д-р канд арх худ реж дир гол заст нач зав
        секр кор упор бульв наб пров мкр р-н хут ін грец лат англ нім фр рос укр нар пом р рр в вул просп пл обл оз ім
        м с смт журн вид чл чл.-кор стор проф акад доц інж ред т.з т.зв див напр тов гр св о грн коп тис млн млрд табл
        гл п ч кг км см мм
    """,
    "bg": """
        подполк лейт серж адм еп архим митр княз ас дир зам нач зав секр кор прев жк ком общ ет англ нем фр рус лат
        имп ив ст хр вл дим ал кр бог г гг в вв р лв хил млн млрд ул бул пл ж.к кв бл вх ап обл гр с проф акад доц инж
        д-р арх ред изд т.е т.нар т.г и.д вкл напр вж срв св о ген полк подп кап чл мин макс стр рис табл
    """,
    "kk": """
        ген полк майор кап инж дир им т.б т г ғ ж ғғ жж б.з.б б.з млн млрд мың проф акад доц қ обл ауд көш см км кг
    """,
    "el": """
        καθηγ αν επίκ αρχιεπ μητρ πατρ δικηγ μηχ αρχ διευθ προέδ υφυπ βουλ δήμ πλ αριθ φαξ μτφ επιμ εκδ σημ κ κα κ.κ
        δρ καθ κος αρ σελ π.χ δηλ βλ πρβλ λ.χ κ.λπ κ.ά κ.α μ.χ π.μ μ.μ τηλ οδ λεωφ εκ αγ οικ στρ υπολ χλμ τ.μ
    """,
    "tr": """
        gn korg tümg tuğg org yb bnb yzb ütğm tğm arş gör op dt ecz vet hz bld sk bul blv bşk gnl dr prof doç yrd av
        sn bk bkz örn yy mah cad sok apt no tel alb gen kur mim müh uzm öğr
    """,
    "hu": """
        alez ezr őrgy szds fhdgy hdgy altbgy okl ny ig igh főig polg mgr mh ker dr prof ifj id özv pl kb ill u.n ún vö
        ld sz u utca krt hg db fő st szt
    """,
    "ro": """
        conf lect asist ec arh av jud not cpt lt.col slt plt serg pr sf mons mitr dep sen min prim pres șos bld bdul
        sct sect mun loc d-l d-na d-ra drd dl dna dnei dr prof ing acad gen col mr lt cap str bd ex vol cca sec
    """,
    "hr": """
        ing arh odvj doc akad fra don mons kard nadb gen puk pukov brig boj predsj ravn tajn zam sc odn o dr prof mr
        mag dipl g gđa gđica npr tj tzv sl sv ul god st o.g tel
    """,
    "sl": "ing arh odv doc akad mons kard gen dir dr prof mag dipl g ga gdč npr tj tzv t.i sv ul oz l",
    "sr": """
        ing arh doc akad mons gen puk odn инг арх доц акад ген пук одн о др проф г-ђа г-дин нпр тј тзв сл св ул год dr
        prof npr tj tzv sv ul god
    """,
    "et": "ins arh dir kol maj kpt ltn leitn kd adv dr prof hr pr nt lk vm u st s.t skt tn mnt lp a",
    "lv": "gen plk kpt ltn inž arh dir akad māc bīsk sv dr prof piem t.i t.s plkst lpp sk nr g ist",
    "lt": "gen plk mjr kpt ltn inž arch dir akad kun vysk šv doc dėst dr prof pvz t.y nr psl g a.a sen m d val",
    "hy": "",
    "hi": """
        सुश्री श्रीमति इं ले मे ब्रि आई डॉ डा श्री श्रीमती प्रो पं मि रु कि मी स्व कर्नल ई ए बी सी डी एफ एच जे
        के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ग्रा लि सेमी किमी
    """,
    "mr": """
        कि मि कॅ सर श्रीमती ॲड आय आई डॉ श्री सौ कु प्रा प्रो पं रु स्व इ ए बी सी डी एफ एच जे के एल एम एन ओ पी क्यू
        आर एस टी यू वी डब्ल्यू एक्स वाई ग्रॅ ग्रा लि
    """,
    "kn": """
        ಡಾ ಶ್ರೀ ಶ್ರೀಮತಿ ಪ್ರೊ ರೂ ಕಿ ಮೀ ಕು ನಂ ತಾ ಜಿ ಪಂ ಇ ಎ ಬಿ ಸಿ ಡಿ ಎಫ್ ಎಚ್ ಜೆ ಕೆ ಎಲ್ ಎಂ ಎನ್ ಪಿ ಆರ್ ಎಸ್ ಟಿ ಯು ವಿ
        ಗ್ರಾಂ ಗ್ರಾ
    """,
    "ar": "د أ م ص ج هـ ق س ت",
    "fa": "د ص ج ش ه ق م",
    "bn": """
        মো মোসা মু সৈ ড ডা প্রফে এড অ্যাড রা কি মি সে খ্রি রু এ বি সি ডি এফ জি এইচ জে কে এল এম এন পি আর এস টি ভি
        গ্রা
    """,
    "vi": "th.s cn kts nsưu lm ts ths gs pgs bs ks ls tp q tx tt gđ pgđ nsnd nsưt đ/c hcm",
    "id": """
        kh kyai tgk pdt rm bpk ibu sdr sdri letkol kol kapt mayjen brigjen irjen kombes kompol ipda iptu akp akbp sp
        s.sos dr h hj ir drs dra prof jl jln tgl hlm a.n kab kec tn ny s.d u.p yth
    """,
    "ms": "dr h hj ir prof jln tn pn en dato sdn y.b y.a.b",
    "af": "mnr mev mej dr prof adv ds e.d bv d.w.s m.a.w genl sers insp kol",
    "ca": """
        gral col cap tte sgt mn bisbe av avgda ctra pça pl carr c/ núm pàg sr sra srta srs dr dra d na en tel avda c
        pg aprox p.ex ex art
    """,
    "gl": "sr sra d dna dr dra prof núm av pz p.ex",
    "is": "dr prof sr frú hr t.d þ.e u.þ.b f.h e.h þ.m m.a bls sbr t.a.m f.kr e.kr",
    "mk": "д-р проф м-р бр ул г-дин г-ѓа т.е т.н итн чл св",
    "be": "вул пр пл д акад праф гр г.зн т.зв ім св",
    "az": "dr prof k/s m.ə və s küç b.k",
    "sq": "z znj zt dr prof p.sh etj nr rr",
    "tl": "g gng bb dr atty engr gov sen rep brgy sta sto",
    "te": "డా శ్రీ ప్రొ రూ కి మీ నం ఎ బి సి డి ఎఫ్ జి హెచ్ జె కె ఎల్ ఎం ఎన్ పి ఆర్ ఎస్ టి యు వి గ్రా",
    "ta": "திரு டாக்டர் பேரா ரூ கி மீ ஏ பி சி டி எஃப் ஜி எச் ஜே கே எல் எம் என் ஆர் எஸ் யு வி",
    "ml": "ഡോ പ്രൊ ശ്രീ പ്രൊഫ രൂ കി മീ അഡ്വ എ ബി സി ഡി എഫ് ജി എച്ച് ജെ കെ എൽ എം എൻ പി ആർ എസ് ടി യു വി ഗ്രാം",
    "gu": "ડૉ ડો શ્રી પ્રો રૂ કિ મી એ બી સી ડી એફ જી એચ જે કે એલ એમ એન પી આર એસ ટી યુ વી ગ્રા",
    "ne": """
        डा श्री प्रा रु कि मी नं इ वि सं ए बी सी डी एफ एच जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स
        वाई ग्रा लि
    """,
    "ur": "اے بی سی ڈی ای ایف جی ایچ آئی جے کے ایل ایم این او پی کیو آر ایس ٹی یو وی ڈبلیو ایکس وائی زیڈ",
    "nb": "chr",
}
