import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import MalformedSource, UnknownKind
from assistant.sources.encoding import decode

FRENCH = "« L’été dernier, le maire a déclaré que “tout” irait – et ce fut vrai. » Les élèves étaient là."
RUSSIAN = "Президент заявил, что мост откроется в среду и что расходы будут выше ожидаемых."
POLISH = "Zażółć gęślą jaźń. Prezydent powiedział, że most zostanie otwarty w środę, a koszty będą wyższe."
JAPANESE = "大統領は水曜日に橋が開通すると述べた。費用は予想より高くなる見込みだ。"


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"], ids=lambda name: name
)
def test_a_byte_order_mark_determines_the_encoding_and_is_removed(encoding: str) -> None:
    mark = "" if encoding == "utf-8-sig" else "\ufeff"
    decoded = decode((mark + FRENCH).encode(encoding), "a.txt")
    assert decoded.text == FRENCH
    assert decoded.metadata == {"encoding": encoding.removesuffix("-sig")}


@given(st.text().filter(lambda text: "\x00" not in text))
def test_utf_8_is_decoded_unchanged(text: str) -> None:
    decoded = decode(b"\xef\xbb\xbf" + text.encode(), "a.txt")
    assert decoded.text == text


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (FRENCH, "cp1252", "cp1252"),
        ("El niño comió una manzana en la mañana, señor.", "latin-1", "cp1252"),
        ("“Hello,” he said – it’s fine.", "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8_r", "koi8-r"),
        (POLISH, "cp1250", "cp1250"),
        (JAPANESE, "cp932", "cp932"),
    ],
)
def test_an_old_encoding_is_guessed_and_the_metadata_says_so(text: str, encoding: str, named: str) -> None:
    decoded = decode(text.encode(encoding), "a.txt")
    assert decoded.text == text
    assert decoded.metadata == {"encoding": named, "encoding_guessed": True}


def test_the_meta_charset_of_a_page_is_used() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1254">Güneş'
    assert decode(page.encode("cp1254"), "a.html") == (page, "cp1254", False)


def test_a_stray_byte_in_utf_8_is_replaced() -> None:
    assert decode(RUSSIAN.encode() + b"\xff", "a.txt") == (RUSSIAN + "\N{REPLACEMENT CHARACTER}", "utf-8", False)


def test_latin_1_is_decoded_as_windows_1252() -> None:
    page = "<meta charset='iso-8859-1'>“quoted”"
    assert decode(page.encode("cp1252"), "a.html").text == page


@pytest.mark.parametrize("charset", [b"utf-7", b"idna", b"unicode_escape", b"hex", b"no-such", b"utf-8"])
def test_codecs_other_than_text_encodings_are_ignored(charset: bytes) -> None:
    assert decode(b"<meta charset=" + charset + b">caf\xe9 \\u0041", "a.html").guessed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_stray_nuls_are_removed(encoding: str) -> None:
    page = "<meta charset=windows-1251><p>Мост открылся \x00в среду.</p>"
    assert decode(page.encode(encoding), "a.html").text == page.replace("\x00", "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE], ids=["French", "Russian", "Japanese"])
def test_utf_16_without_a_byte_order_mark_is_rejected(encoding: str, text: str) -> None:
    with pytest.raises(UnknownKind, match=r"no text|NUL"):
        decode(text.encode(encoding), "a.txt")


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x7fELF\x02\x01", "program"),
        (b"text with \x00 in it", "NUL"),
        (bytes(range(1, 256)), "no text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_binary_content_is_refused_with_what_it_looks_like(data: bytes, looks_like: str) -> None:
    with pytest.raises(UnknownKind) as caught:
        decode(data, "article.txt")
    assert looks_like in caught.value.got


def test_bytes_that_contradict_their_byte_order_mark_are_rejected() -> None:
    with pytest.raises(MalformedSource, match="utf-16-le"):
        decode(b"\xff\xfea", "a.txt")
