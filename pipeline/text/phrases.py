# ruff: noqa: E501  (a line is one phrase)
"""How boilerplate reads, in many languages: a line is the beginning of a paragraph, as a regular expression. No logic.

`LOOSE` are boilerplate only in a line without a full stop. `LINKS` lead elsewhere, `ORIGINS` say where a text first
appeared, `CALLS` ask the reader for something, `CREDITS` belong to pictures, `NOTES` are about the article, `SHORT`
stand alone; `SENTENCES` are sentences among others.
"""

LOOSE = r"""
[^.!?]{0,40}\bnewsletter$
(?:read|see|watch|listen|learn|find out|more|also) (?:more|next|also|the|our|on|from|about|in|to)\b
(?:related|recommended|most read|trending|top stories|more stories|read|don[’']t miss|in case you missed)\b
(?:support|donate|download|share|print|comment) .{0,40}\b(?:us|our|the app|this|article|story|journalism|below)\b
"""

LINKS = r"""
(?=.{0,140}$)(?:read|see|watch|listen to|learn|find out) (?:more|next|also|the full (?:story|article|report))\b
(?:read|related|recommended|more|also|watch|listen|see)(?: more| also| next| on| here| our| stor(?:y|ies)| articles?| coverage)?\s*[:»›→|]
(?:continue reading|keep reading|tap here|see also|also read|what to read next|more from|more on this)\b
click (?:here|through|on)\b
you may (?:also )?like\b
m[áa]s informaci[óo]n\s*(?:[:»→|]|aqu[íi]|en\b.{0,60}$|sobre\b.{0,60}$|$)
(?:lee|lea) tambi[ée]n\b
(?:leer m[áa]s|seguir leyendo|tambi[ée]n te puede|te puede interesar|le puede interesar)\b
lire (?:aussi|la suite|également)\b
(?:à lire|voir aussi|pour aller plus loin)\b
mehr (?:zum thema|dazu|lesen|infos)\b
(?:weiterlesen|lies auch|siehe auch|zum artikel|hier geht[’']?s)\b
lesen sie (?:auch|hier|mehr)\b
leggi (?:anche|tutto|di più)\b
(?:continua a leggere|guarda anche)\b
\(?(?:leggi|lire|lea|leia) (?:anche|aussi|también|também)\b
(?:leia|veja) (?:também|mais)\b
(?:saiba mais|continue lendo|clique aqui)\b
(?:lees (?:ook|meer|verder)|bekijk ook)\b
(?:läs (?:mer|också|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää))\b
(?:czytaj|zobacz) (?:też|także|również|więcej|dalej)\b
(?:přečtěte si|čtěte (?:také|dále)|čítajte (?:aj|viac))\b
читайте (?:также|ещ[её]|далее|також)\b
читать (?:далее|также|полностью)\b
(?:подробнее|по теме|докладніше|прочетете (?:още|повече))\b
(?:devamını oku|ayrıca (?:oku|bak)|olvasson (?:tovább|el)|citiți și|citește și|pročitajte)\b
διαβάστε (?:επίσης|περισσότερα|ακόμη)\b
(?:続きを読む|関連記事|あわせて読みたい|もっと読む|こちらもおすすめ)
(?:阅读(?:更多|全文)|延伸阅读|相关(?:新闻|阅读|报道)|閱讀更多|延伸閱讀|相關新聞)
(?:더 보기|관련 기사|관련기사)
(?:اقرأ (?:أيضا|أيضاً|المزيد)|للمزيد|بیشتر بخوانید|قرأ أيضا|مزید پڑھیں)
(?:और पढ़ें|यह भी पढ़ें|ये भी पढ़ें|हेही वाचा|ಇದನ್ನೂ ಓದಿ|மேலும் படிக்க)
"""

ORIGINS = r"""
the (?:post|article|story) .{1,300}(?:first appeared|appeared first|was (?:first|originally) published) (?:on|in|at|by)\b.{0,80}$
this (?:article|story|post|piece|content|report) (?:was |is |has been )?(?:first |originally |initially |also )*(?:appeared|published|posted|written|produced|reproduced)\b
(?:der beitrag|dieser (?:artikel|beitrag)) .{1,300}(?:erschien|erschienen|veröffentlicht)
(?:l[’']article|cet article) .{1,300}(?:est apparu|a été publié|est paru)
(?:la entrada|el artículo|este artículo|la publicación) .{1,300}(?:apareció|aparece|se publicó|fue publicad[oa])
(?:l[’']articolo|questo articolo) .{1,300}(?:proviene da|sembra essere|è stato pubblicato|è apparso)
(?:o post|o artigo|este artigo|a publicação) .{1,300}(?:apareceu|foi publicad[oa])
(?:het bericht|dit artikel) .{1,300}(?:verscheen|is (?:eerder )?verschenen)
(?:inlägget|artiklen|indlægget|innlegget) .{1,300}(?:först|først)
(?:artykuł|wpis) .{1,300}(?:pochodzi z|pojawił się)
(?:запись|сообщение|статья) .{1,300}(?:впервые|появил)
.{1,200}(?:最先出现在|最早出現於|に最初に表示されました)
"""

CALLS = r"""
(?:be sure to|make sure to|don[’']t forget to|feel free to|remember to) (?:also )?(?:check|read|follow|subscribe|listen|watch|visit|sign|share|like|join)\b
(?:subscribe|sign up|register|log in|sign in|create an account) (?:to|for|now|today|here|in|on|with)\b.{0,160}$
(?:follow|like|join) (?:us|our|me)\b.{0,160}$
(?:\W*)(?:follow|like) .{0,80}\bon (?:facebook|twitter|instagram|x|snapchat|tiktok|youtube|threads|linkedin|bluesky)\b.{0,120}$
(?:e-?mail|contact|write to) .{0,60}\S+@\S+
[^.!?]{0,40}[,:–-] sign up (?:for|to|here|now|today)\b
(?:follow|join) the .{0,60}\b(?:channel|page|newsletter|group|conversation|discussion|community)\b.{0,80}$
[^.!?]{0,200}\bsign(?:ing)? up (?:for|to|here|now|today)\b.{0,120}\b(?:newsletters?|e-?mails?|alerts|briefing|inbox|updates)\b
never miss .{0,160}\b(?:sign up|subscri\w+|follow|newsletter|notifications?)\b
(?:[^.!?]{0,140}\? )?(?=[^.!?]{0,220}\b(?:newsletters?|infolettres?|lettre d[’']information|bolet[íi]n|rundbriefs?|nieuwsbrief|nyhetsbrev\w*|nyhedsbrev\w*|rassylk\w*|рассылк\w*)\b)[^.!?]{0,220}\b(?:sign|subscri\w+|our|inbox|delivered|abonn\w+|anmeld\w+|inscri\w+|iscri\w+|iscriv\w+|suscr[ií]\w+|melden|recevez|aanmelden|schrijf|meld|prenumerera|tilmeld|zapisz|подпи\w+)\b
[^.!?]{0,120}\b(?:follow us on|whatsapp channel|telegram channel|push notifications?)\b
(?:get|receive) .{0,160}\b(?:inbox|newsletters?|by e-?mail|alerts|delivered)\b
have .{0,120}\b(?:delivered|sent) .{0,20}\byour\b
(?:email|contact|send|support) us\b.{0,120}$
(?:got a tip|have a (?:tip|story)|do you have)\b.{0,40}\b(?:us|our|tips?|story)\b
[^.!?]{0,60}\b(?:enable|turn on|activate) javascript\b
[^.!?]{0,80}\byour browser (?:does|doesn[’']t|is (?:not|out)|settings|may not|version)\b
[^.!?]{0,80}\baccept (?:all )?cookies\b
(?:this (?:site|website|page)|our|we|by (?:continuing|using)|wir|diese (?:web)?seite|mit der nutzung|en (?:poursuivant|continuant)|ce site|nous|utilizamos|usamos|este sitio|este site|al (?:continuar|navegar)|ao (?:continuar|navegar)|questo sito|utilizziamo|usiamo|deze (?:web)?site|wij gebruiken|we gebruiken|vi (?:använder|bruger|bruker)|ta strona|używamy|мы используем|этот сайт)\b.{0,160}\bcookies?\b
(?:.{0,20}an dieser stelle (?:finden sie|befindet sich|sollte|steht)|externer inhalt|empfohlener (?:externer|redaktioneller) inhalt|mit ihrer zustimmung|um diesen inhalt|ich bin damit einverstanden)\b
(?:ce contenu (?:est|n[’']a)|afin de visionner|este contenido (?:est[áa]|no)|voor het tonen van|this content is (?:hosted|blocked|not available)|to (?:view|watch|see) this (?:content|video|post|embed)|we need your (?:consent|permission))\b
(?:(?:our|we|you|help|support|if you)\b.{0,80}[.!?] )?[^.!?]{0,160}\bconsider (?:an?\b|making|becoming|donating|supporting|subscribing).{0,80}\b(?:donat\w+|support\w*|subscri\w+|member\w*|contribut\w+|journalism|us)\b
.{0,100}\b(?:consider (?:becoming|donating|supporting)|become a (?:member|subscriber|supporter|sponsor|patron))\b
[^.!?]{0,80}\b(?:abonnieren|jetzt anmelden|folgen sie uns|suscríbe(?:te|se)|síguenos|abonnez-vous|inscrivez-vous|suivez-nous|je m[’']abonne)\b
[^.!?]{0,80}\b(?:iscriviti|seguici|inscreva-se|siga-nos|schrijf je in|volg ons|prenumerera|zapisz się|abone ol)\b
[^.!?]{0,80}\bподпи(?:сывайтесь|шитесь)\b
(?:this|the) (?:article|story|content) is (?:for|only available to|available to|exclusive to|reserved for) .{0,30}(?:subscribers|members)\b
you have .{0,30}\bfree (?:articles?|stories)\b
(?:already a (?:subscriber|member)|subscribers? only|for subscribers only|to continue reading)\b
(?:article|contenu|contenido|contenuto|conteúdo) (?:exclusi\w+ |exclusivo |é |est )?(?:réservé|riservato|para (?:suscriptores|assinantes)|aux abonnés|agli abbonati)\b
(?:jetzt (?:weiterlesen|testen|abonnieren)|(?:nur|exklusiv) für abonnenten|weiterlesen mit|alleen voor abonnees|endast för prenumeranter|kun for abonnenter|artykuł dostępny (?:tylko|wyłącznie))\b
"""

CREDITS = r"""
(?:photos?|images?|pictures?|pics?|video|illustration|graphic|main image|header image|file photo|pictured?)\s*(?:\([^)]{1,40}\)\s*)?(?:by|:|courtesy|credit|source|via|\||/|©)
(?:fotos?|bild|bilder|imagen|imagem|crédit|quelle|source|fuente|fonte|credit|symbolbild|archivbild|фото|写真|图片|圖)\s*(?:\([^)]{1,40}\)\s*)?(?:von|de|di|por|:|\||/|©|：)
.{0,240}\((?:[^()]{0,60}\b)?(?:ap photo|getty(?: images)?|reuters|afp|epa|shutterstock|istock|alamy|photo|image|picture|foto|credit)\b[^()]{0,80}\)$
.{0,160}\b(?:getty images|shutterstock|istock(?:photo)?|ap photo|alamy|reuters/\w+|picture alliance|imago images|via ap|afp via)\b[^.]{0,60}$
.{0,160}[/|(:]\s?(?:getty images|shutterstock|istock(?:photo)?|ap photo|alamy|picture alliance|imago images)\b[^.]{0,60}\.?$
.{0,160}\b(?:photo|image|picture|courtesy|via|\w+/\w+)\b.{0,20}\b(?:getty images|shutterstock|istock(?:photo)?|ap photo|alamy)\.$
(?:(?:words|text|story|stor(?:y|ies)|report(?:ing)?|photos?|photographs?|photography|pictures?|video|illustrations?) by [^.]{3,60}\.?\s*)+$
(?:图为|圖為|上图|资料图|資料圖|写真は|写真＝)
"""

NOTES = r"""
(?:thanks|thank you) (?:so much |very much )?for (?:reading|subscribing|being (?:here|a)|listening|supporting|joining)\b
(?:danke,? (?:fürs|für das|dass (?:du|sie)) (?:mit)?les|merci (?:de (?:me |nous )?lire|pour votre lecture|d[’']avoir lu)|gracias por leer|grazie (?:per aver letto|per la lettura|di leggere)|obrigad[oa] por ler|bedankt voor het lezen|tack för att du läser|takk for at du leser|tak fordi du læser|kiitos,? (?:kun|että) luet|dzięk\w+ za (?:przeczytanie|lekturę|czytanie)|děkuj\w+ za (?:přečtení|čtení)|спасибо, что (?:читаете|вы с нами)|дякуємо, що читаєте|okuduğunuz için teşekkür|感[谢謝](?:您的)?(?:阅读|閱讀)|お読みいただき|읽어 ?주셔서)
(?:this|these|our|dies(?:e[rs]?)|der|die|das|unser|ce(?:tte|t)?|l[’']|est[ea]|el|la|quest[oa]|il|o|dit|deze|denna|den här|denne|ten|ta|to|tento|этот|эта|это|bu|本|この|此)\s?(?=.{0,200}$)(?:[\w’'-]+ ){0,3}(?=.{0,160}(?:\b(?:ai|a\.i\.|ki|ia|ии|ші|yapay zeka|artificial intelligence|k[üu]nstliche\w* intelligenz|intelligen\w+ artificia\w+|artificial voice|automat\w+ voice|synth\w+|text[- ]to[- ]speech|chatgpt)\b|人工知能|人工智能))(?=.{0,200}(?:generat|generier|génér|gener|erstell|creat|cré|crea|skap|создан|summar|zusammen|résum|resum|riassun|samenvat|sammanfat|translat|übersetz|trad|vertaal|przetł|перев|read|vorgelesen|lu |leíd|lett|narrat|voice|review|geprüft|生成|要約|翻訳|翻译))
(?:ai|a\.i\.|ki|ia|ии|artificial intelligence)[- ]?(?:generated|assisted|powered|generiert\w*|gestützt\w*|générée?|generad[oa]|summary|zusammenfassung|overview|résumé|übersetzt)\b[^.!?]{0,60}$
(?:(?:this|our|the) live ?(?:blog|coverage|page|updates?)|(?:dieser|unser|der) (?:live)?-?(?:blog|ticker)|ce direct|este directo)\b.{0,60}\b(?:closed|ended|over|finished|paused|beendet|geschlossen|terminé|finalizado|cerrado)
(?:we(?:[’']ve| have|[’']re| are) (?:now )?(?:closed|closing|paus\w+|ended|ending|wrapp\w+ up) (?:this|our|the) (?:live )?(?:blog|coverage|page))\b
(?:editor[’']?s?[’']? note|editorial note|correction|clarification|disclosure|disclaimer|update[ds]?|note to readers)\b\s*(?:\([^)]{0,60}\))?\s*[:—–-]
(?:author[’']?s note|spoiler(?: alert| warning)?|content warning|trigger warning|warning|fact check|breaking)\b\s*[:—–-]
(?:correction|clarification|update[ds]?|korrektur|aktualisierung|rectificatif|mise à jour|actualización|corrección|aggiornamento|correzione|atualização|correção|rättelse|uppdatering|rettelse|oppdatering|opdatering|aktualizacja|sprostowanie|correctie|исправление|обновление)\b[\s,(\[]{1,3}(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|\d)[^:–—]{0,50}[:–—]
(?:hinweis|anmerkung|anm\.) (?:der|d\.) red\w*\.?\s*[:–—]?|(?:nota del? (?:editor|la redacción|redactor)|nota della redazione|nota do editor|note de la rédaction|ndlr|n\.d\.l\.r|redaktionens kommentar|noot van de redactie|od redakcji|от редакции)\b\s*[:.–—]
this (?:text|interview|conversation|transcript|translation|q&a) (?:has been|was) (?:translated|edited|condensed|conducted|recorded|shortened|produced|lightly)\b
this (?:story|article|post|page|report|piece|live blog) (?:has been|was|is being|will be) (?:\w+ly |first |also |last )*(?:updated|corrected|amended|edited|changed|revised|published|posted|produced|written|supported|funded|sponsored|reported|made possible|republished|adapted|closed|created|reviewed|provided|contributed|syndicated|clarified|modified|reproduced|generated)\b
this (?:story|article|post|page|report|piece|live blog) (?:contains|is part of|includes)\b
.{0,80}\b(?:affiliate (?:partnerships?|links?|commissions?)|receive (?:a )?(?:compensation|commission)|earn (?:a )?commission)\b
(?:we may (?:earn|receive|get|collect)|as an amazon associate|affiliate (?:links?|disclosures?)|products? (?:featured|recommended))\b
(?:if|when) you (?:buy|click|purchase|make a purchase|shop)\b.{0,160}\b(?:commissions?|affiliate|earn)\b
(?:this|our|some|these)\b.{0,60}\b(?:affiliate|sponsored) links?\b
(?:\*|\()?\s?(?:dieser|der|unser|einige|die)\b.{0,60}\b(?:enthält|enthalten|sind)\b.{0,40}\b(?:affiliate|werbelinks?|werbung|provisions)
(?:cet|cette|ce|nos|certains)\b.{0,80}\bliens? (?:d[’']affiliation|affiliés?|sponsorisés?)\b
(?:este|esta|algunos|estos|alguns)\b.{0,80}\b(?:enlaces|links?) (?:de )?afiliad
(?:questo|alcuni|i)\b.{0,60}\blink (?:di |sono )?affiliazion
dit artikel\b.{0,40}\baffiliate
(?:this copy is for your personal|to order (?:presentation-ready )?(?:copies|reprints)|distribution and use of this material)\b
(?:at|here at) [\w ]{2,30}, we believe\b
(?:(?:mr|ms|mrs|dr|prof)\.? )?[\w.’'-]+(?: [\w.’'-]+){0,3} is (?:an?|the|our)(?: [\w’'-]+){0,5} (?:editor|reporter|correspondent|columnist|contributor)\b
(?:(?:mr|ms|mrs|dr|prof)\.? )?[\w.’'-]+(?: [\w.’'-]+){0,3} is (?:an?|the|our)(?: [\w’'-]+){0,5} (?:staff|contributing|opinion) writer\b
(?:(?:terms of (?:use|service)|privacy policy)\W*(?:$|\|)|all rights reserved|copyright\s*(?:©|\(c\)|\d{4}|by\b.{0,80}$)|©)
.{0,240}\ball rights reserved\b
"""

SHORT = r"""
(?:image|video|audio|photo|gallery|slideshow|poll|quiz|podcast|map|chart|infographic)s?(?: caption)?$
(?:loading|please wait|view (?:comments|gallery|this post|on twitter)|show (?:more|less|comments)|leave a comment)\W*$
(?:\d+ comments?|comments?(?: are closed)?|back to top|skip to .{0,40}|play video|close)\W*$
(?:advertisement|advertising|sponsored(?: content)?|ad|anzeige|werbung|publicité|publicidade|publicidad|pubblicità|reklama?)\W*$
(?:advertentie|реклама|広告|广告|story continues .{0,40}|article continues .{0,40}|scroll (?:down|to continue).{0,60})\W*$
(?:last )?(?:updated|published|posted|modified|first published|aktualisiert|veröffentlicht|stand)\b\s*(?:on|at|am|um|:|\d).{0,60}$
(?:mis à jour|publié|actualizado|publicado|aggiornato|pubblicato|atualizado)\b\s*(?:le|el|il|em|a|:|\d).{0,60}$
(?:bijgewerkt|uppdaterad|publicerad|opdateret|oppdatert|zaktualizowano|обновлено|опубликовано)\b\s*(?:op|:|\d).{0,60}$
\d{1,2} ?min(?:ute)?s?(?: read)?\W*$
(?:(?:estimated |average )?reading time|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|lästid|læsetid|lesetid|lukuaika|czas czytania|doba čtení|время чтения|okuma süresi|読了時間|阅读时间|閱讀時間).{0,40}$
\d{1,2} (?:minutos? de lectura|minutes? de lecture|min\w* di lettura|min\w* de leitura|minuten lesezeit|minuten leestijd|минут\w* (?:чтения|на чтение))\W*$
(?:listen|escuchar|écouter|anhören|ascolta|ouvir|luister|lyssna|listen to (?:this|the) (?:article|story)|artikel anhören)\b.{0,30}$
(?:auf|per|via) (?:facebook|x|twitter|whatsapp|e-?mail)\b.{0,20}\bteilen\b.{0,80}$
(?:jump to|skip to) .{0,30}$
(?:annons|anuncio|annonse|annonce|ilmoitus|mainos|reklame|hirdetés|oglas|διαφήμιση|إعلان|広告)\W*$
(?:filed under|topics?|tags?|categor(?:y|ies)|themen|mots-clés|etiquetas|argomenti|temas|темы|теги|タグ|标签)\s*[:：].{0,160}$
(?:\d+ )?(?:kommentare?|commentaires?|comentarios?|commenti|comentários?|reacties|kommentarer|komentarze|комментари\w+)\W*(?:\d+)?\W*$
"""

SENTENCES = r"""
click here\b
(?:read|learn|find out|see) more\b(?! (?:than|and more|slowly|quickly|often)).{0,100}$
(?:sign up|subscribe) (?:for|to|here|now|today)\b
.*\bsign up (?:for|to|here)\b.{0,100}\b(?:newsletters?|e-?mails?|alerts|briefing|inbox|updates)\b
.*\bsubscribe (?:to|now|for|today|here)\b.{0,60}\b(?:our|us|newsletters?|channel|podcast|here|now|today|youtube)\b
.*\bfollow us on\b
.*\b(?:to|of|for|in|via|with) our (?:\w+ )?newsletters?\b
.*\bappeared first on\b
continue reading\b
\(?(?:photo|image|picture|credit|video|foto|crédit photo|bild)s?\s*(?:by\b|:|courtesy\b)
.*(?:[/|(]|\bvia |\bphoto: ?|\bcourtesy of )(?:getty images|ap photo|shutterstock)\b
.*\bfile photo\b
.*\b(?:click|tap|to|and|please)\b.{0,20}\bread more\s*(?:[:»›→.!]|about\b|at\b|here\b|on\b|$)
.*\bread more\s*(?:[:»›→.!]|here\b|$)
watch (?:the )?video\b
scroll down\b
(?:related|source):
\*?(?:werbung|anzeige|unbezahlte werbung|bezahlte werbung)\W*$
(?:dieser|der) (?:beitrag|artikel|text|post)\b.{0,40}\benthält\b.{0,40}\b(?:werbung|werbelinks?|affiliate)
(?:this|our|some)\b.{0,60}\b(?:contains?|includes?|may contain|are)\b.{0,30}\baffiliate links?\b
mehr dazu (?:lesen|finden|erfahren|hören|sehen) sie\b
(?:den ganzen|den vollständigen) (?:artikel|beitrag|text)\b.{0,40}\b(?:lesen|finden)\b
(?:lire la suite|lire aussi|leer más|lea también|leggi anche|leggi tutto|leia mais|leia também|lees meer|läs mer|læs mere|les mer|czytaj więcej|читайте также|weiterlesen)\b
(?:图为|圖為)
"""

SHARE = """
share tweet print email e-mail mail comment comments copy link facebook twitter x whatsapp pinterest linkedin reddit telegram
tumblr flipboard save bookmark pocket messenger bluesky mastodon threads on via this article story post icon more sms teilen
drucken merken partager imprimer compartir condividi compartilhar imprimir delen dela del udostępnij поделиться и and & in to
by views shares likes like follow
"""

MONTHS = """
jan feb febr mar mär apr avr abr may mai jun juin jul juil aug ago août sep sept set oct okt out ott nov dec dez dic déc
янв фев мар апр мая июн июл авг сен окт ноя дек
"""
