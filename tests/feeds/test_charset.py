"""The bytes of a document become the letters that its author wrote, or its poll says that they cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import charset
from pipeline.feeds import parse
from pipeline.feeds.parse import NotAFeed

URL = "https://harbour.example/feed"
RSS = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>{}</title></channel></rss>'


def title(body, content_type=None):
    return parse.parse(body, url=URL, content_type=content_type).title


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("Shift_JIS", "cp932", "第②号 ㈲港町の魚市場 髙橋 ～ －"),
        ("x-sjis", "cp932", "ｶﾀｶﾅ Ⅳ 纊"),
        ("EUC-KR", "cp949", "똠방각하 펲시콜라 ① 항구"),
        ("ks_c_5601-1987", "cp949", "쀍 항구"),
        ("Big5", "big5hkscs", "喺碼頭 嘅 啲 ① 港口"),
        ("GB2312", "gb18030", "镕基 港口 ① 朱"),
        ("GBK", "gb18030", "港口 䶮 龘"),
        ("ISO-8859-1", "cp1252", "“Größe” – 5 €"),
        ("us-ascii", "cp1252", "Café – 5 €"),
        ("iso-8859-9", "cp1254", "“Şişli” – 5 €"),
        ("TIS-620", "cp874", "ท่าเรือ …"),
        ("koi8-r", "koi8_r", "Гавань"),
        ("windows-1251", "cp1251", "Гавань №5"),
        ("cp850", "cp850", "Größe"),
    ],
)
def test_a_label_means_the_whole_set_that_browsers_give_it(label, codec, words):
    body = RSS.format(label, words).encode(codec)
    assert title(body) == words
    assert title(RSS.format("utf-8", words).encode(codec), f"text/xml; charset={label}") == words


def euc_jp(words):
    """EUC-JP with the rows of NEC and IBM, by the places that windows-31j gives them."""
    made = bytearray()
    for letter in words:
        coded = letter.encode("cp932")
        if len(coded) == 1:
            made += coded
            continue
        first, second = coded
        row = (first - (0x80 if first < 0xA0 else 0xC0)) * 2 - (second < 0x9F)
        cell = second - 0x9E if second >= 0x9F else second - (0x3F if second < 0x7F else 0x40)
        made += bytes((row + 0xA0, cell + 0xA0))
    return bytes(made)


def test_japanese_by_unix_and_by_mail_has_its_added_rows():
    words = "第⑤回 ㈱港 Ⅱ 﨑 ～"
    assert title(RSS.format("EUC-JP", "@").encode().replace(b"@", euc_jp(words))) == words
    seven = b"".join(
        bytes((0x1B, 0x24, 0x42, *(one & 0x7F for one in euc_jp(part)), 0x1B, 0x28, 0x42)) for part in "港Ⅱ"
    )
    assert title(RSS.format("ISO-2022-JP", "@").encode().replace(b"@", seven)) == "港Ⅱ"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RSS.format("utf-8", "Größe @ läuft über Öl").encode().replace(b"@", b"\xe9"), None),
        (RSS.format("utf-8", "Größe @ läuft über Öl").encode().replace(b"@", b"\x80"), "text/xml; charset=utf-8"),
        (RSS.format("iso-8859-1", "Größe @ läuft über Öl").encode().replace(b"@", b"\xfc"), None),
    ],
)
def test_one_bad_byte_costs_one_letter(body, content_type):
    found = parse.parse(body, url=URL, content_type=content_type)
    assert found.title == "Größe \ufffd läuft über Öl"
    assert found.warnings == ("1 letter is broken in its utf-8 and shown as \ufffd",)
    assert not found.guessed


def test_a_bad_byte_in_a_set_of_two_bytes_costs_no_letter_beside_it():
    words = "港町の魚市場が新しくなりました。毎朝五時に開きます。"
    body = RSS.format("Shift_JIS", words).encode("cp932").replace("魚".encode("cp932"), b"\x8b<b>"[:1] + b"\x01")
    assert title(body).startswith("港町の")
    assert title(body).endswith("市場が新しくなりました。毎朝五時に開きます。")


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("cp1252", "Der Größte läuft"),
        ("cp1251", "Город открыл новый мост через реку у гавани"),
        ("cp1250", "Piękna pogoda w Gdyni, mówią rybacy z Łodzi i Śląska"),
    ],
)
def test_a_reading_that_had_to_guess_says_so(codec, words):
    found = parse.parse(RSS.format("utf-8", words).encode(codec), url=URL)
    assert (found.title, found.guessed) == (words, True)
    assert "guessed as" in found.warnings[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (RSS.format("utf-8", "Für Größe läuft über Öl, ärgert üble Äpfel".encode().decode("cp1252")).encode(), "twice"),
        (RSS.format("utf-8", "Гавань открыта для судов".encode().decode("latin-1")).encode(), "twice"),
        (RSS.format("utf-8", "\ufffd" * 9 + "ber").encode(), "lost before it was sent"),
    ],
)
def test_a_document_that_turned_to_mojibake_is_no_content(body, reason):
    with pytest.raises(NotAFeed, match=reason):
        parse.parse(body, url=URL)


def test_one_headline_about_mojibake_is_content():
    assert title(RSS.format("utf-8", "Why “Ã¼” stands for “ü”, and how an écran shows naïve Größe").encode())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
def test_sixteen_bits_are_known_by_their_bytes(codec):
    assert title(RSS.format("utf-8", "Größe 港").encode(codec), "text/xml; charset=utf-8") == "Größe 港"


def test_a_label_of_sixteen_bits_over_eight_is_passed_over():
    assert title(RSS.format("utf-16", "Größe").encode()) == "Größe"


@given(st.binary(max_size=200), st.sampled_from(["", "text/xml; charset=shift_jis", "charset=euc-jp", "charset=gbk"]))
def test_any_bytes_have_a_reading(body, content_type):
    found = charset.read(body, content_type)
    found.text.encode("utf-8")
    assert found.broken >= 0


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200))
def test_whole_utf8_is_read_as_it_is(words):
    assert charset.read(words.encode()).text.lstrip("\ufeff") == words.lstrip("\ufeff")
