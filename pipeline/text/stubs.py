"""What stands in an article's place where readers may not see it: a password form, a note for members, a label. Pure.

The one place for what such a stub is. Structure decides: the form itself, a label before the title, a text that is
gone. Words decide only where structure has said that nothing of the article is left.
"""

import html
import re
from dataclasses import dataclass

PASSWORD = re.compile(
    r"(?is)<input\b[^<>]*\btype\s*=\s*[\"']?password|<form\b[^<>]*(?:postpass|post-password-form|password-protected)"
)
POST_PASSWORD = re.compile(r"(?i)post-password-form|action=postpass")
GATE = re.compile(
    r"(?i)(?:class|id|data-[\w-]+)\s*=\s*[\"'][^\"'<>]{0,200}(?:post-upgrade-cta|members?-only|paywall|pay-wall|paid-content"
    r"|subscribers?-only|regwall|content-gate|piano-|leaky)|<!--\s*members-only\s*-->"
)
# What a note instead of a text speaks of, in the languages of the content systems: protection and passwords, members
# and subscribers, signing in. Beginnings of words, except where a language has no spaces.
_SAYS = re.compile(
    r"(?i)\b(?:protect|password|passcode|geschützt|passwor[tdt]|kennwort|prot[eéè]g|protett|protegid|contrase|senha"
    r"|mot de passe|beveiligd|wachtwoord|skydd|lösenord|beskytt|adgangskode|passord|suojat|salasana"
    r"|chráněn|heslo|chronion|hasł|zaštić|lozink"
    r"|védett|jelszó|protejat|parol|korumal|şifre|προστατευ|κωδικ|защищ|пароль|захищ"
    r"|members?\b|membership|subscri|suscri|abonn|abbon|assinant|mitglied|medlem|lid(?:en|maatschap)\b|leden\b|jäsen|tilaa"
    r"|předplat|człon|subskry|preplat|előfizet|tagok|abone|üye|συνδρομ|подпис|підпис|sign in|log ?in|anmeld|connecte"
    r"|inicia[r]? sesi|accedi|inloggen|logga in|kirjaudu|přihlá|zaloguj|войд|увійд|premium|unlock|freischalt)"
    r"|[\u0590-\u05ff]*(?:מוגן|סיסמ|מנוי)|محم[يی]|كلمة المرور|مشترك|رمز|保護|パスワード|会員|有料|登録"
    r"|密码|密碼|受保护|受保護|会员|會員|订阅|訂閱|보호|비밀번호|회원|구독|được bảo vệ|mật khẩu"
    r"|thành viên|รหัสผ่าน|สมาชิก|पासवर्ड|सदस्य"
)
_TAG = re.compile(r"<[^<>]*>")
LONGEST = 100_000  # characters of a text that are looked at
SHORT = 400  # letters: a note is no longer
_LETTERS = re.compile(r"[\W_]+")
_LABEL = re.compile(r"^[^:：|]{1,40}[:：|]\s*$|^[\[(（【][^\])）】]{1,40}[\])）】]\s*$|^[\W_]+$")
_TAIL = re.compile(r"^\s*[\[(（【|–—-].{0,40}$|^[\W_]+$")
GRAM = 5  # letters
KEPT = 0.5  # of a note's letters, from which on it is a shortened text and no note


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as its feed gives it."""

    title: str
    summary: str = ""  # HTML
    content: str = ""  # HTML


def stub(told: Told) -> str:
    """Why an entry is a stub by itself, whatever it was before; empty where it is none."""
    both = f"{told.summary[:LONGEST]}\n{told.content[:LONGEST]}"
    if PASSWORD.search(both):
        return "it asks for a password"
    text = _text(told)
    if GATE.search(both) and len(text) < SHORT:
        return "it is for members"
    if 0 < len(text) < SHORT // 2 and _note(told):
        return "its text is a note that it is protected or for members"
    return ""


def asks_password(markup: str) -> bool:
    """Whether an entry's text is the form in which a reader gives the password of it."""
    return bool(PASSWORD.search(markup[:LONGEST]))


def gated(text: str, *, form: bool = False) -> bool:
    """Whether a short text only says that the rest is for members, or behind a password.

    `form`: the page asks for the password of its article.
    """
    if form and len(_LETTERS.sub("", text)) < SHORT:
        return True
    return len(_LETTERS.sub("", text)) < SHORT and bool(_PROTECTED.search(text) or _NEEDED.search(text))


def turned(before: Told, after: Told) -> str:
    """Why an entry has turned into a stub; empty where it has not."""
    was, now = _text(before), _text(after)
    if stub(before) or not was:
        return ""  # there was nothing that could be taken away
    if was in now:
        return ""  # all of it is there
    if why := stub(after):
        return why
    kept = _kept(now, was)
    if not now:
        return "its text is gone"
    if kept < KEPT and _labelled(before.title, after.title):
        return "its title has a label and its text is gone"
    if kept < KEPT and len(now) < SHORT and _says(after):
        return "its text is a note that it is protected or for members"
    rest = _rest(now, was)
    if rest and len(now) < len(was) * 0.7 and _says(after) and not _says(before):
        return "only its beginning is left, for members the rest"
    return ""


def _text(told: Told) -> str:
    """The letters of its longer text."""
    return max((_LETTERS.sub("", _words(one)).casefold() for one in (told.content, told.summary)), key=len)


def _words(markup: str) -> str:
    """The words of a text in HTML. Without a parser: hostile markup is only to be looked through, not read."""
    return " ".join(html.unescape(_TAG.sub(" ", markup[:LONGEST])).split())


def _note(told: Told) -> bool:
    """Whether all it says is the sentence that content systems put in the place of a protected text."""
    said = [words for words in (_words(told.content), _words(told.summary)) if words]
    return bool(said) and all(_PROTECTED.search(one) for one in said)


_PROTECTED = re.compile(
    r"(?i)no excerpt because this is a protected post|keinen? (?:text)?auszug.{0,40}geschützt"
    r"|pas d[’']extrait.{0,60}prot[ée]g"
    r"|no hay extracto.{0,60}protegid|não (?:existe|há) (?:excerto|resumo).{0,60}protegid|riassunto.{0,60}protett"
    r"|geen samenvatting.{0,60}beveiligd|inget utdrag.{0,60}skydd|no[ ]extracte?.{0,60}proteg"
    r"|^\W*(?:this (?:post|content|page|article) is (?:for (?:\w+ ){0,3}(?:members|subscribers)"
    r"|password[- ]protected|protected)|(?:for )?(?:members|subscribers) only)\b"
)


_NEEDED = re.compile(
    r"(?i)\b(?:need|require|behöver|kräver|kræver|krever|brauch|benötig|bedarf|nécessit|faut|necesit|serve|servono|precisa"
    r"|nodig|vaatii|potrzeb|wymaga|nužno|нужн|требу)\w*\b.{0,40}\b(?:subscri|prenumer|abonn|abbon|suscri|assinat|member"
    r"|mitglied|medlem|lidmaat|tilaus|подпис)|会員|有料|구독|订阅"
)


def _says(told: Told) -> bool:
    return any(_SAYS.search(_words(one)) for one in (told.content, told.summary) if one)


def _labelled(before: str, after: str) -> bool:
    """Whether a title is the one before with a label: “Protected: …”, “… (members only)”."""
    old, new = before.strip(), after.strip()
    if not old or old == new or old not in new:
        return False
    head, _, tail = new.partition(old)
    return (not tail.strip() and bool(_LABEL.match(head))) or (not head.strip() and bool(_TAIL.match(tail)))


def _grams(text: str) -> set[str]:
    return {text[n : n + GRAM] for n in range(max(1, len(text) - GRAM + 1))}


def _kept(now: str, was: str) -> float:
    """How much of a text was there before, by its letters, in any script."""
    grams = _grams(now)
    return len(grams & _grams(was)) / len(grams) if now else 0.0


def _rest(now: str, was: str) -> bool:
    """Whether a text begins as the one before did, and ends as that one nowhere does."""
    return now[:40] == was[:40] and len(now) > 60 and now[-GRAM * 4 :] not in was
