"""What stands among an article's paragraphs and is none of its text: calls, credits, stamps, datelines, in many languages."""

import re

from pipeline.text import clean

I = re.IGNORECASE  # noqa: E741
LINK_CALLS = (
    r"(?:read|see|watch|listen|learn|find out|more|also) (?:more|next|also|the full|on|from|about|in)\b.{0,120}",
    r"(?:read|continue reading|keep reading|continue to|click (?:here|through|on)|tap here|see also|also read|don[’']t miss|in case you missed)\b.{0,160}",
    r"(?:related|recommended|what to read next|most read|trending|top stories|more stories|you may (?:also )?like|more from|more on this)\b.{0,120}",
    r"(?:m[áa]s informaci[óo]n|lee tambi[ée]n|lea tambi[ée]n|leer m[áa]s|seguir leyendo|tambi[ée]n te puede|te puede interesar|le puede interesar)\b.{0,160}",
    r"(?:lire (?:aussi|la suite|également)|à lire|voir aussi|pour aller plus loin)\b.{0,160}",
    r"(?:mehr (?:zum thema|dazu|lesen|infos)|weiterlesen|lesen sie (?:auch|hier|mehr)|lies auch|siehe auch|zum artikel|hier geht[’']?s)\b.{0,160}",
    r"(?:leggi (?:anche|tutto|di più)|continua a leggere|guarda anche)\b.{0,160}",
    r"(?:leia (?:também|mais)|saiba mais|veja (?:também|mais)|continue lendo|clique aqui)\b.{0,160}",
    r"(?:lees (?:ook|meer|verder)|bekijk ook|läs (?:mer|också|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää))\b.{0,160}",
    r"(?:czytaj (?:też|także|więcej|dalej)|zobacz (?:też|także|również)|přečtěte si|čtěte (?:také|dále)|čítajte (?:aj|viac))\b.{0,160}",
    r"(?:читайте (?:также|ещ[её]|далее)|читать (?:далее|также|полностью)|подробнее|по теме|читайте також|докладніше|прочетете (?:още|повече))\b.{0,160}",
    r"(?:devamını oku|ayrıca (?:oku|bak)|olvasson (?:tovább|el)|citiți și|citește și|pročitajte|διαβάστε (?:επίσης|περισσότερα|ακόμη))\b.{0,160}",
    r"(?:続きを読む|関連記事|あわせて読みたい|もっと読む|こちらもおすすめ|阅读(?:更多|全文)|延伸阅读|相关(?:新闻|阅读|报道)|閱讀更多|延伸閱讀|相關新聞|더 보기|관련 기사|관련기사).{0,80}",
    r"(?:اقرأ (?:أيضا|أيضاً|المزيد)|للمزيد|بیشتر بخوانید|قرأ أيضا|مزید پڑھیں|और पढ़ें|यह भी पढ़ें|ये भी पढ़ें|हेही वाचा|ಇದನ್ನೂ ಓದಿ|மேலும் படிக்க).{0,120}",
)
ORIGINS = (
    r"the (?:post|article|story) .{1,300} (?:first appeared|appeared first|was (?:first|originally) published) (?:on|in|at|by)\b.*",
    r"this (?:article|story|post|piece|content|report) (?:was |is |has been )?(?:first |originally |initially |also )*(?:appeared|published|posted|written|produced|reproduced|made)\b.*",
    r"(?:der beitrag|dieser (?:artikel|beitrag)) .{1,300}(?:erschien|erschienen|veröffentlicht).*",
    r"(?:l[’']article|cet article) .{1,300}(?:est apparu|a été publié|est paru).*",
    r"(?:la entrada|el artículo|este artículo|la publicación) .{1,300}(?:apareció|aparece|se publicó|fue publicad[oa]).*",
    r"(?:l[’']articolo|questo articolo) .{1,300}(?:proviene da|sembra essere|è stato pubblicato|è apparso).*",
    r"(?:o post|o artigo|este artigo|a publicação) .{1,300}(?:apareceu|foi publicad[oa]).*",
    r"(?:het bericht|dit artikel) .{1,300}(?:verscheen|is (?:eerder )?verschenen).*",
    r"(?:inlägget|artiklen|indlægget|innlegget) .{1,300}(?:först|først).*",
    r"(?:artykuł|wpis) .{1,300}(?:pochodzi z|pojawił się).*",
    r"(?:запись|сообщение|статья) .{1,300}(?:впервые|появил).*",
    r".{1,200}(?:最先出现在|最早出現於|に最初に表示されました).{0,80}",
)
CALLS = (
    r".{0,25}\bsign(?:ing)? up (?:for|to|here|now|today)\b.{0,200}",
    r"(?:subscribe|sign up|register|log in|join|follow|like) (?:us|to|for|now|today|here|our|in|on|the)\b.{0,240}",
    r".{0,120}\b(?:newsletters?|follow us on|whatsapp channel|telegram channel|push notifications?)\b.{0,160}",
    r"(?:get|receive|have) (?:the |our |all )?(?:latest|top|best|daily|breaking|more)\b.{0,120}\b(?:inbox|email|newsletter|delivered|app|alerts)\b.{0,80}",
    r"(?:support|donate|download|share|print|comment|email us|contact us|send us|got a tip|have a (?:tip|story)|do you have)\b.{0,40}\b(?:us|our|the app|this|article|story|tips?|journalism|below)\b.{0,160}",
    r".{0,60}\b(?:enable|turn on|activate) javascript\b.{0,160}|.{0,80}\byour browser\b.{0,160}|.{0,80}\baccept (?:all )?cookies\b.{0,160}|(?:this|our|we)\b.{0,40}\bcookies\b.{0,240}",
    r".{0,80}\b(?:newsletter|abonnieren|jetzt anmelden|folgen sie uns|suscríbe(?:te|se)|síguenos|abonnez-vous|inscrivez-vous|suivez-nous|iscriviti|seguici|inscreva-se|siga-nos|schrijf je in|volg ons|prenumerera|zapisz się|подпи(?:сывайтесь|шитесь)|abone ol)\b.{0,160}",
    r"(?:image|video|audio|photo|gallery|slideshow|poll|quiz|podcast|map|chart|infographic)s?(?: caption)?",
    r"(?:loading|please wait|view (?:comments|gallery|this post|on twitter)|show (?:more|less|comments)|leave a comment|\d+ comments?|comments?(?: are closed)?|back to top|skip to .{0,40}|play video|close)\W*",
    r"(?:terms of (?:use|service)|privacy policy|all rights reserved|copyright|©).{0,240}|.{0,240}\ball rights reserved\b.{0,120}",
    r"(?:advertisement|advertising|sponsored(?: content)?|ad|anzeige|werbung|publicité|publicidade|publicidad|pubblicità|reklama|reklam|advertentie|реклама|広告|广告|story continues below.{0,40}|article continues .{0,40}|scroll (?:down|to continue).{0,60})\W*",
)
CREDITS = (
    r"(?:photos?|images?|pictures?|pics?|foto|fotos|bild|bilder|imagen|imagem|crédit|quelle|source|fuente|fonte|credit|video|illustration|graphic|symbolbild|archivbild|file photo|main image|header image|pictured?|фото|写真|图片|圖)\s*(?:\([^)]{1,40}\)\s*)?(?:by|:|courtesy|credit|source|via|von|\||/|©|：).{0,200}",
    r".{0,240}\((?:[^()]{0,60}\b)?(?:AP photo|getty(?: images)?|reuters|afp|epa|shutterstock|istock|alamy|file photo|photo|image|picture|foto|credit)\b[^()]{0,80}\)\W*",
    r".{0,160}\b(?:getty images|shutterstock|istock(?:photo)?|ap photo|alamy|reuters/\w+|picture alliance|imago images|via ap|afp via)\b[^.]{0,60}\.?",
)
NOTES = (
    r"(?:editor[’']?s?[’']? note|editorial note|correction|clarification|disclosure|disclaimer|update[ds]?|note to readers|author[’']?s note|spoiler(?: alert| warning)?|content warning|trigger warning|warning|fact check|breaking)\b\s*(?:\([^)]{0,60}\))?\s*[:—–-].{0,600}",
    r"this (?:story|article|post|page|report|piece|live blog) (?:has been|was|is being|will be|contains|is part|includes)\b.{0,300}",
    r"(?:last )?(?:updated|published|posted|modified|first published|aktualisiert|veröffentlicht|stand|mis à jour|publié|actualizado|publicado|aggiornato|pubblicato|atualizado|bijgewerkt|uppdaterad|publicerad|opdateret|oppdatert|zaktualizowano|обновлено|опубликовано)\b\s*(?:on|at|am|le|el|il|em|op|:|\d)[^.!?]{0,80}\.?",
    r".{0,80}\b(?:affiliate (?:partnerships?|links?|commissions?)|receive (?:a )?(?:compensation|commission)|earn (?:a )?commission)\b.{0,300}",
    r"(?:this copy is for your personal|to order (?:presentation-ready )?(?:copies|reprints)|distribution and use of this material)\b.{0,400}",
    r"(?:at|here at) [\w ]{2,30}, we believe\b.{0,300}|.{0,60}\b(?:consider (?:becoming|donating|supporting)|become a (?:member|subscriber|supporter|sponsor|patron))\b.{0,200}",
    r"(?:(?:mr|ms|mrs|dr|prof)\.? )?[\w.’'-]+(?: [\w.’'-]+){0,3} is (?:an?|the|our)(?: [\w’'-]+){0,5} (?:editor|reporter|correspondent|columnist|staff writer|contributing writer|opinion writer|contributor)\b.{0,300}",
    r"(?:we may earn|as an amazon associate|affiliate|if you buy|products? (?:featured|recommended)|this (?:post|article) (?:may )?contains? affiliate)\b.{0,300}",
    r"\d{1,2} ?min(?:ute)?s?(?: read)?\W*|(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura).{0,40}",
)
MONTHS = r"(?:jan|feb|febr|mar|mär|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|ago|août|sep|sept|set|oct|okt|out|ott|nov|dec|dez|dic|déc|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)\w*\.?"
STAMP = re.compile(
    rf"\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\.?,?\s*)?(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{{1,2}}\.?\s+(?:de\s+)?{MONTHS}\s*(?:de\s+)?(?:19|20)\d\d|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
    r"(?:\W*(?:at|um|à|a las|alle|o'clock|uhr|\d{1,2}[:.h]\d{2}|[ap]\.?m\.?|gmt|utc|[ecmp][sd]?t|bst|ist|cest?)\b\.?)*\W*",
    I,
)
CLOCK = re.compile(r"\W*\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|uhr|gmt|bst|utc|[ecmp][sd]t|ist)?\W*", I)
SHARE = frozenset(
    """share tweet print email e-mail mail comment comments copy link facebook twitter x whatsapp pinterest linkedin reddit telegram tumblr flipboard save
    bookmark pocket messenger bluesky mastodon threads on via this article story post icon more sms teilen drucken merken partager imprimer compartir
    condividi compartilhar imprimir delen dela del udostępnij поделиться и and & in to by views shares likes like follow""".split()
)
WHOLE = re.compile("(?:" + "|".join((*LINK_CALLS, *ORIGINS, *CALLS, *CREDITS, *NOTES)) + ")", I | re.S)
CALL = re.compile("(?:" + "|".join((*LINK_CALLS, *ORIGINS, *CALLS)) + ")", I | re.S)
EDGES = " \t*_•►▶»›→–—-|[]()"
NAME = r"[^\W\d_a-zß-ÿ][\w.’'\-]*"
BYLINE = re.compile(
    r"(?i:by|von|par|por|di|door|av|af|text|texto|texte|testo|story by|written by|posted by|reported by|автор|текст)"
    rf"\s*:?\s+{NAME}(?:\s+{NAME}){{0,4}}"
    r"(?:\s*[,|•·–—-].*|\s+(?:and|und|et|y|e|og|och|en|i|и|&|in|for)\s.*)?"
)
AUTHORS = re.compile(rf"(?i:by)\s+(?:{NAME}|\([^()]{{2,80}}\)|and|&|,|;|of|the|for|\s)+\.?")
HANDLE = re.compile(r"@\w+|\S+@\S+\.\S+|https?://\S+|www\.\S+")
SENTENCE = (
    r"click here\b.*",
    r"(?:read|learn|find out|see) more\b.*",
    r".*\bsign up (?:for|to|here)\b.*",
    r".*\bsubscribe (?:to|now|for|today|here)\b.*",
    r".*\bfollow us on\b.*",
    r".*\bour (?:\w+ )?newsletters?\b.*",
    r".*\bappeared first on\b.*",
    r"continue reading\b.*",
    r"\(?(?:photo|image|picture|credit|video)s?\s*(?:by|:|courtesy)\b.*",
    r".*\b(?:getty images|file photo|ap photo)\b.*",
    r".*\bread more\b.*",
    r"watch (?:the )?video\b.*",
    r"scroll down\b.*",
    r"(?:related|source):.*",
)
WHOLE_SENTENCE = re.compile("(?:" + "|".join(SENTENCE) + ")", I | re.S)


def furniture(text: str) -> bool:
    """Whether a whole paragraph is none of the article's text."""
    line = text.strip(" \t*_•►▶»›→–—-|[]()")
    if not line:
        return True
    if WHOLE.fullmatch(line) or STAMP.fullmatch(line) or CLOCK.fullmatch(line) or HANDLE.fullmatch(line):
        return True
    return shares(line) or byline(line)


def foreign(text: str) -> bool:
    """Whether a paragraph of a page is a call, a link elsewhere or a share bar; notes to the article stay."""
    line = text.strip(EDGES)
    return bool(line) and len(line) < 400 and (bool(CALL.fullmatch(line)) or (line[-1:].isalpha() and shares(line)))


def shares(line: str) -> bool:
    """Whether the line is a share bar: nothing but its words and counts."""
    words = re.findall(r"[\w&-]+", line.lower())
    return len(words) < 25 and all(word in SHARE or word.isdigit() for word in words)


def byline(line: str) -> bool:
    """Whether the line only says who wrote it."""
    if len(line.split()) < 50 and AUTHORS.fullmatch(line):
        return True
    return len(line.split()) < 16 and not clean.closed(line) and bool(BYLINE.fullmatch(line))


def call(sentence: str) -> bool:
    """Whether one sentence among others is a call or a credit."""
    return bool(WHOLE_SENTENCE.fullmatch(sentence.strip(" *()[]")))
