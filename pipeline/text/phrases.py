# ruff: noqa: E501  (a line is one phrase)
"""How boilerplate reads, in many languages: a line is the beginning of a paragraph, as a regular expression. No logic.

`LOOSE` are boilerplate only in a line without a full stop. `LINKS` lead elsewhere, `ORIGINS` say where a text first
appeared, `CALLS` ask the reader for something, `CREDITS` belong to pictures, `NOTES` are about the article, `SHORT`
stand alone; `SENTENCES` are sentences among others.
"""

LOOSE = r"""
(?:read|see|watch|listen|learn|find out|more|also) (?:more|next|also|the|our|on|from|about|in|to)\b
(?:related|recommended|most read|trending|top stories|more stories|read|don[’']t miss|in case you missed)\b
(?:support|donate|download|share|print|comment) .{0,40}\b(?:us|our|the app|this|article|story|journalism|below)\b
"""

LINKS = r"""
(?:read|see|watch|listen to|learn|find out) (?:more|next|also|the full (?:story|article|report))\b
(?:read|related|recommended|more|also|watch|listen|see)(?: more| also| next| on| here| our| stor(?:y|ies)| articles?| coverage)?\s*[:»›→|]
(?:continue reading|keep reading|tap here|see also|also read|what to read next|more from|more on this)\b
click (?:here|through|on)\b
you may (?:also )?like\b
m[áa]s informaci[óo]n\b
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
the (?:post|article|story) .{1,300}(?:first appeared|appeared first|was (?:first|originally) published) (?:on|in|at|by)\b
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
.{0,25}\bsign(?:ing)? up (?:for|to|here|now|today)\b
(?:subscribe|sign up|register|log in|join|follow|like) (?:us|to|for|now|today|here|our|in|on|the)\b
.{0,120}\b(?:newsletters?|follow us on|whatsapp channel|telegram channel|push notifications?)\b
(?:get|receive|have) .{0,120}\b(?:inbox|email|newsletter|delivered|app|alerts)\b
(?:email|contact|send|support) us\b
(?:got a tip|have a (?:tip|story)|do you have)\b.{0,40}\b(?:us|our|tips?|story)\b
.{0,60}\b(?:enable|turn on|activate) javascript\b
.{0,80}\byour browser\b
.{0,80}\baccept (?:all )?cookies\b
(?:this|our|we)\b.{0,40}\bcookies\b
.{0,60}\b(?:consider (?:becoming|donating|supporting)|become a (?:member|subscriber|supporter|sponsor|patron))\b
.{0,80}\b(?:abonnieren|jetzt anmelden|folgen sie uns|suscríbe(?:te|se)|síguenos|abonnez-vous|inscrivez-vous|suivez-nous)\b
.{0,80}\b(?:iscriviti|seguici|inscreva-se|siga-nos|schrijf je in|volg ons|prenumerera|zapisz się|abone ol)\b
.{0,80}\bподпи(?:сывайтесь|шитесь)\b
"""

CREDITS = r"""
(?:photos?|images?|pictures?|pics?|video|illustration|graphic|main image|header image|file photo|pictured?)\s*(?:\([^)]{1,40}\)\s*)?(?:by|:|courtesy|credit|source|via|\||/|©)
(?:fotos?|bild|bilder|imagen|imagem|crédit|quelle|source|fuente|fonte|credit|symbolbild|archivbild|фото|写真|图片|圖)\s*(?:\([^)]{1,40}\)\s*)?(?:von|de|di|por|:|\||/|©|：)
.{0,240}\((?:[^()]{0,60}\b)?(?:ap photo|getty(?: images)?|reuters|afp|epa|shutterstock|istock|alamy|photo|image|picture|foto|credit)\b[^()]{0,80}\)$
.{0,160}\b(?:getty images|shutterstock|istock(?:photo)?|ap photo|alamy|reuters/\w+|picture alliance|imago images|via ap|afp via)\b[^.]{0,60}\.?$
"""

NOTES = r"""
(?:editor[’']?s?[’']? note|editorial note|correction|clarification|disclosure|disclaimer|update[ds]?|note to readers)\b\s*(?:\([^)]{0,60}\))?\s*[:—–-]
(?:author[’']?s note|spoiler(?: alert| warning)?|content warning|trigger warning|warning|fact check|breaking)\b\s*[:—–-]
this (?:story|article|post|page|report|piece|live blog) (?:has been|was|is being|will be|contains|is part|includes)\b
.{0,80}\b(?:affiliate (?:partnerships?|links?|commissions?)|receive (?:a )?(?:compensation|commission)|earn (?:a )?commission)\b
(?:we may earn|as an amazon associate|affiliate|if you buy|products? (?:featured|recommended))\b
(?:this copy is for your personal|to order (?:presentation-ready )?(?:copies|reprints)|distribution and use of this material)\b
(?:at|here at) [\w ]{2,30}, we believe\b
(?:(?:mr|ms|mrs|dr|prof)\.? )?[\w.’'-]+(?: [\w.’'-]+){0,3} is (?:an?|the|our)(?: [\w’'-]+){0,5} (?:editor|reporter|correspondent|columnist|contributor)\b
(?:(?:mr|ms|mrs|dr|prof)\.? )?[\w.’'-]+(?: [\w.’'-]+){0,3} is (?:an?|the|our)(?: [\w’'-]+){0,5} (?:staff|contributing|opinion) writer\b
(?:terms of (?:use|service)|privacy policy|all rights reserved|copyright|©)
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
(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura).{0,40}$
"""

SENTENCES = r"""
click here\b
(?:read|learn|find out|see) more\b
.*\bsign up (?:for|to|here)\b
.*\bsubscribe (?:to|now|for|today|here)\b
.*\bfollow us on\b
.*\bour (?:\w+ )?newsletters?\b
.*\bappeared first on\b
continue reading\b
\(?(?:photo|image|picture|credit|video)s?\s*(?:by|:|courtesy)\b
.*\b(?:getty images|file photo|ap photo)\b
.*\bread more\b
watch (?:the )?video\b
scroll down\b
(?:related|source):
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
