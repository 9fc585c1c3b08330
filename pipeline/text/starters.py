"""First words of sentences that hardly ever belong to a name, by language. Facts, no logic."""

STARTERS = {
    "en": """
        the a an in it he she they but and this that these those on at as we if for to you i his her when while
        after before since with there what so how why who where which did do does is are was were has have had
        can could will would should may might let's our my their its it's i'm i've i'd we're they're he's she's
        that's there's your some many most all no not now then here however meanwhile according also both each
        every even another other one two three four five several few earlier later last by from during under
        between among despite although though because yet or nor once please yes see next until unlike like such
        only just still today yesterday tomorrow instead finally thus therefore moreover additionally indeed
        perhaps maybe about over officials police people millions thousands hundreds dozens critics residents
        nobody everyone everybody someone somebody anyone anybody nothing everything something whoever whatever
        none neither
    """,
    "de": """
        der die das ein eine einer eines einem einen er sie es wir ihr ich man und aber doch in im am an auf aus bei
        bis mit nach seit von vom vor zu zum zur für um als wenn wie weil da damit dies diese dieser dieses so auch
        nun dann danach dort hier heute gestern nur nicht kein keine was wer wo warum mehr alle viele beide sein
        seine seinen ihre ihren während trotz unter über durch gegen ohne zwischen zudem außerdem allerdings dabei
        dazu dafür jedoch deshalb daher bereits noch
        niemand jeder jede jemand alles nichts keiner einige manche
    """,
    "fr": """
        le la les un une des l' il elle ils elles on nous vous je tu ce cette ces c' d' en dans sur sous pour par
        avec sans mais et ou donc or ni car au aux à de du que qui quand si selon après avant depuis pendant alors
        ainsi son sa ses leur leurs notre nos votre mon ma mes tout tous toutes plus dès lors cependant pourtant
        personne chacun chacune quelqu' rien certains beaucoup c'est
    """,
    "es": """
        el la los las un una unos unas él ella ellos ellas se su sus lo le les en de del al a con sin por para
        como cuando si y pero o ni que quien donde este esta estos estas ese esa eso esto también según tras
        desde hasta entre sobre durante después antes ahora así no más muy todo todos cada mi mis nuestro yo
        nosotros usted hoy ayer gracias además nadie alguien nada algo es son era eran está están fue fueron ha
        han había tiene tienen tenía hay hace hizo va van vive viven vivía trabaja trabajan estudia quiere
        quieren puede pueden dice dicen dijo sabe cree nació murió eso aquí allí ahí luego nunca siempre tampoco
        mientras aunque entonces
    """,
    "it": """
        il lo la i gli le un uno una l' egli ella essi loro noi voi io tu si in nel nella nei nelle di del della
        dei delle da dal dalla a al alla ai alle con su sul sulla per tra fra ma e o se che chi quando come dove
        questo questa questi queste quello quella così anche secondo dopo prima non più tutto tutti ogni suo sua
        suoi nostro oggi ieri grazie è nessuno qualcuno niente nulla tutti è sono era erano ha hanno aveva fu
        furono vive lavora poi mai sempre anche ieri
    """,
    "pt": """
        o a os as um uma uns umas ele ela eles elas se em no na nos nas de do da dos das por para com sem como
        quando mas e ou que quem onde este esta esse essa isso isto também segundo após desde até entre sobre
        durante depois antes agora assim não mais seu sua seus suas ao à hoje ontem
        ninguém alguém nada é são era eram está estão foi foram tem têm tinha há vive trabalha nunca sempre depois aqui
    """,
    "nl": """
        de het een hij zij ze we wij ik je jij u er dit dat deze die in op van voor met aan bij naar om uit over
        onder na tot als maar en of want toen dan nu ook niet geen wat wie waar hoe waarom zijn haar hun ons volgens
        tijdens sinds daarna
        niemand iedereen iemand alles niets sommige alle
    """,
    "da": """
        den det de en et han hun vi i jeg du der dette denne disse på af for med til ved om under over efter før som
        men og eller hvis når da nu så også ikke ingen hvad hvem hvor hvordan hans hendes deres vores ifølge siden
        nogen alle intet alt mange
    """,
    "sv": """
        den det de en ett han hon vi ni jag du det där detta denna dessa på av för med till vid om under över efter
        före som men och eller när då nu så också inte ingen vad vem var hur hans hennes deras vår enligt sedan i
        någon alla ingenting allt många
    """,
    "no": """
        den det de en et ei han hun vi jeg du der dette denne disse på av for med til ved om under over etter før
        som men og eller hvis når da nå så også ikke ingen hva hvem hvor hvordan hans hennes deres vår ifølge siden
        i
        noen alle ingenting alt mange
    """,
    "pl": """
        w we z ze na do od o po przed przy pod nad za dla bez ten ta to te ci on ona oni one my ja ty jego jej ich
        nasz i a ale lecz lub czy gdy kiedy jeśli jak co kto gdzie nie tak już także też jednak według podczas
        dlatego teraz dziś
        nikt każdy wszyscy ktoś nic potem
    """,
    "cs": """
        v ve z ze na do od o po před při pod nad za pro bez ten ta to ti on ona oni my já jeho její jejich i a ale
        nebo když jak co kdo kde ne už také však podle
        nikdo každý všichni někdo nic potom pak
    """,
    "sk": """
        v vo z zo na do od o po pred pri pod nad za pre bez ten tá to tí on ona oni my ja jeho jej ich i a ale alebo
        keď ako čo kto kde nie už tiež však podľa
        nikto každý všetci niekto nič potom
    """,
    "ru": """
        ему ей им его нам вам мне всем этого этому этой этих этим был была было были есть будет может можно нужно причём
        впрочем кроме всего около более менее лишь только тогда пока хотя чтобы потому вот уж же вместо ранее позже
        позднее накануне затем кстати видимо возможно наверное конечно следующий следующая первый первая второй сам сама
        в во на с со к ко по о об от до из за у при для без через над под он она оно они мы я вы ты это этот эта эти
        тот та те и а но или если когда как что кто где не так также однако его её ее их наш ещё уже после перед
        во-первых согласно теперь другие другой новый только все всё сейчас сегодня вчера завтра решение такой такая
        такие нет да среди между поэтому потом затем там здесь
    """,
    "el": """
        ο η το οι τα ένας μια ένα αυτός αυτή αυτό στο στη στην στον στις για με από και αλλά ή αν όταν όπως που
        ποιος δεν μια σε
    """,
    "hr": "u na s sa za od do po o i a ali ili on ona oni mi ja to taj ta kada kako što tko gdje ne",
    "sl": "v na s z za od do po o in a ali on ona oni mi jaz to ta ko kako kaj kdo kje ne",
    "hu": """
        a az egy ő ők mi ez és de vagy ha amikor mint hogy nem is ezt azt ezért most majd itt ott szerint után ki mi
        hol miért
    """,
    "tr": "bu o bir ve ama fakat biz ben siz onlar şu ancak çünkü ayrıca şimdi sonra daha ne kim nerede neden her",
    "ro": "în la de un o el ea ei ele noi eu și dar sau dacă când cum ce cine unde nu acest această",
    "id": """
        ia dia mereka kami kita saya ini itu dan tetapi namun pada di dari untuk dengan jika ketika saat selain
        menurut sementara acara para sebuah tidak setelah sebelum karena akibat
    """,
    "fi": """
        se ne hän he me te minä sinä tämä nämä tuo ja mutta tai jos kun että myös ei nyt sitten siksi lisäksi
        kuitenkin mukaan mitä kuka missä miksi kaikki
        kukaan kaikki joku
    """,
    "et": """
        see need ta nad me te mina sina ja aga või kui et ka ei nüüd siis seejärel samuti mis kes kus miks kõik
        selle tema
    """,
    "lv": """
        tas tā tie viņš viņa viņi mēs jūs es šis šī un bet vai ja kad arī ne tagad tad kas kur kāpēc pēc uz no ar
    """,
    "lt": "tai jis ji jie mes jūs aš šis ši ir bet ar jei kai taip ne dabar tada kas kur kodėl po į iš su pagal",
    "bg": """
        в във на с със за от до по при той тя то те ние вие аз това този тази тези и но или ако когато как какво кой
        къде не така също според сега след
    """,
    "uk": """
        у в на з із до від по при за він вона воно вони ми ви я це цей ця ці і й та але або якщо коли як що хто де
        не так також проте його її їх наш вже після тепер згідно
    """,
    "be": "у ў на з да ад па пры за ён яна яно яны мы вы я гэта гэты і але або калі як што хто дзе не так таксама",
    "mk": """
        во на со за од до по тој таа тоа тие ние вие јас ова овој и но или ако кога како што кој каде не исто според
    """,
    "sr": """
        у на са за од до по о и а али или он она они ми ја то тај та када како што ко где не u na s sa za od do po o
        i a ali ili on ona oni mi ja to taj ta kada kako što ko gde ne
    """,
    "is": """
        hann hún það þeir þær þau við ég þú þetta þessi og en eða ef þegar ekki nú svo hver hvað hvar í á til með
        frá um eftir samkvæmt
    """,
    "ca": """
        el la els les un una ell ella ells es ho i però o si quan com que qui on aquest aquesta això també segons
        després abans ara així no més en de a amb per sense
    """,
    "gl": """
        o a os as un unha el ela eles se e pero ou cando como que quen onde este esta isto tamén segundo despois
        antes agora así non máis en de con por para sen
    """,
    "af": """
        die dit ’n hy sy hulle ons ek jy en maar of as toe nou ook nie wat wie waar hoe waarom volgens na voor met
        in op van vir
    """,
    "ms": """
        ia dia mereka kami kita saya ini itu dan tetapi namun pada di dari untuk dengan jika ketika menurut para
        sebuah tidak selepas kerana
    """,
    "vi": """
        ông bà anh chị họ chúng tôi nó đây đó và nhưng hoặc nếu khi theo trong tại từ cho với vì sau trước không các
        những một hai
    """,
}

PRONOUNS = {
    "en": "he she they we it the this these those that his their when but however",
    "de": "er es wir das ein eine im am nach bei auch",
    "fr": "il elle ils elles on cela ce cette ces",
    "es": "él ella ellos ellas este esta",
    "it": "egli lui ella essi questo questa",
    "pt": "ele ela eles elas este esta",
    "nl": "hij zij ze we het dit",
    "da": "han hun det vi i",
    "no": "han hun det vi i",
    "sv": "han hon det vi i",
    "pl": "on ona oni to w",
    "cs": "on ona oni to v",
    "sk": "on ona oni to v",
    "ru": "он она они это мы в",
    "uk": "він вона вони це ми у",
    "bg": "той тя те това ние в",
}
"""Words that no surname is written like: after them even an initial has ended its sentence."""
