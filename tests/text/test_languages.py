"""Which language a text is in."""

import pytest

from pipeline.text import languages

TEXTS = {
    "en": "The council met on Monday and said that it would not pay for the bridge.",
    "de": "Der Rat hat am Montag beschlossen, dass die Stadt das Bad nicht mehr bezahlt.",
    "fr": "Le conseil a décidé lundi que la ville ne paierait plus pour la piscine.",
    "es": "El consejo decidió el lunes que la ciudad no pagará más por la piscina, según la alcaldesa.",
    "pt": "O conselho decidiu na segunda-feira que a cidade não vai mais pagar pela piscina.",
    "it": "Il consiglio ha deciso lunedì che la città non pagherà più per la piscina.",
    "nl": "De raad heeft maandag besloten dat de stad niet meer voor het zwembad betaalt.",
    "sv": "Rådet beslutade på måndagen att staden inte längre ska betala för badet och att det stängs.",
    "pl": "Rada zdecydowała w poniedziałek, że miasto nie będzie już płacić za basen.",
    "cs": "Rada v pondělí rozhodla, že město už za bazén platit nebude a že se zavře.",
    "ru": "Совет решил в понедельник, что город больше не будет платить за бассейн.",
    "uk": "Рада вирішила в понеділок, що місто більше не платитиме за басейн і його закриють.",
    "bg": "Съветът реши в понеделник, че градът няма да плаща повече за басейна и ще го затвори.",
    "el": "Το συμβούλιο αποφάσισε τη Δευτέρα.",
    "ar": "قرر المجلس يوم الاثنين أن المدينة لن تدفع بعد الآن ثمن المسبح الذي في الحي.",
    "fa": "شورا روز دوشنبه تصمیم گرفت که شهر دیگر برای استخر پول نمی‌دهد و این را اعلام کرد.",
    "hi": "परिषद ने सोमवार को निर्णय किया कि नगर अब तरणताल के लिए पैसे नहीं देगा।",
    "ja": "議会は月曜日にプールの費用を払わないことを決めた。",
    "zh": "议会星期一决定不再支付泳池的费用。",
    "ko": "의회는 월요일에 결정했다.",
    "th": "สภาตัดสินใจเมื่อวันจันทร์",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_known_by_its_words_and_letters(language):
    assert languages.detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"),
        ("de_AT", "de"),
        ("PT", "pt"),
        ("nb-NO", "no"),
        ("und", None),
        ("english", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_is_read_for_its_language(tag, language):
    assert languages.subtag(tag) == language


def test_what_is_declared_is_believed_unless_the_letters_speak_against_it():
    assert languages.decide("en-GB", TEXTS["de"]) == "en"
    assert languages.decide("en", TEXTS["ru"]) == "ru"
    assert languages.decide("sr", "Savet je odlučio.") == "sr"
    assert languages.decide(None, TEXTS["fr"]) == "fr"
    assert languages.decide("de", "") == "de"
    assert languages.decide(None, "12 345") is None
