"""PDF documents: reading text from their pages, and the place of every word on them."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image

from assistant.errors import MalformedSource
from assistant.sources import page_image, pdf, read_bytes
from embeddings.text.article import Article
from tests.pdf_writer import Placed, paragraph
from tests.pdf_writer import pdf as written

BRIDGE = paragraph(
    50,
    100,
    "The bridge over the river was opened on Wednesday by the mayor, who",
    "called it a triumph. It cost 40 million euros, and was paid for by the muni-",
    "cipality and by a well-",
)
# Made with pypdf from a page with a sentence; the password is "secret".
LOCKED = zlib.decompress(
    base64.b85decode(
        "c-pm8y>8S%5Ektgk$3>4EjYU1-Sw`2&?$mTau6lxP6;7MQ6$#8>&r$L`(*n<LO~=N5G8^aK(y2}JVQVV1r-HQ@BnlaF!tT$PB;ZZ"
        "!j`4oZ@!uNc4oYd?oxZ6UUgC9%h&g(h+=}%Xb&};$hmVgFxXj?h3uz2<aA}v<d^|r9W5*%ljxGjY7P|-IjdIZcpJMVAMYS%F&!oa"
        "rZcYYxvpiR%m8(i$+>N`m96v;Vi9;bAy~i%5!cf~76ubonLHh43gnfs+9`Nf3(Q9`+ELoqSWKil_d3y@Q6o~<s$!TK>`kmCVG%-r"
        "h8+8U9GBNLm)VfBF^r08TY?lhEt#82hjYvH4@_Z|M9y-eQf-qSo_bH9k;fUq*|N!vB)3!Zl8s{nbtw<IjVX3w3pE(Y9cvT+u5G>r"
        "1^Vv-y_&#rBW5(N>{m0eWp%L&(*hE0Z?~Kq=t)1#HU?4wYsnl~Wo~Bj2z1#Z@0x5e-5;b$IXD4w)=bi?{2_T>WJd0zx21~ldaTEv"
        "(KGho{*24xlLtSZTnnDHUd}!J^kR5n?fTs7lQ-Y*Us*kVb^PnwrFWNqe&{?Oe(ry~xTzkU))NHN1k);nGg<Fq2Gfh(sbU7|yO^_("
        "hn~+uFt=^LFd23>3Yln`L7O_bNsM4%71A}_1U^@;ilvH7EGU(}D-}12MLO_=R@&9vW4=duNPQW_+BY0#d=odNCS15&_=<4ju>kfS"
        ";gq;4qMCEXf+*%jKnh<3l2Z@<KG=J497{q;Fx%Y2%*2RbN)S1FuqT8oaE#9|3PW01k}2l#8b+C0!(39wxCm>Q$4CwH&&d&Zw2lRA"
        "iWQl(eUnv<+OQ8zc{aFoQkcfkwX%}LDGtW#C7AjqqgrSIRgz)gibxo(JuN6>$|DgKWZ`cpJJpYv9SsT`POhK4kXcccn3B*(jmC1P"
        "jeY~gMw|}"
    )
)


def read(document: bytes) -> Article:
    return read_bytes(document, name="report.pdf", max_bytes=10_000_000)


def words_at(article: Article, quote: str) -> list[tuple[int, int, int]]:
    """The page, left edge and lower edge of each line of a quote, in whole points."""
    start = article.text.index(quote)
    return [(box.page, round(box.x0), round(box.y1)) for box in article.pages.boxes(start, start + len(quote))]


def test_lines_are_joined_and_hyphens_at_their_ends_undone() -> None:
    lines = (
        "The bridge was opened on Wednesday by the mayor, who called it a well-known tri-",
        "umph of engineering. The muni-",
        "cipality paid 40 million euros for it, and nobody had ever seen a well-",
        "known bridge that was as long.",
    )
    assert pdf.parse(written(paragraph(20, 100, *lines))).text == (
        "The bridge was opened on Wednesday by the mayor, who called it a well-known triumph of engineering. "
        "The municipality paid 40 million euros for it, and nobody had ever seen a well-known bridge that was as long."
    )


def test_paragraphs_are_apart_or_indented() -> None:
    first = paragraph(50, 100, "The bridge over the river was opened on Wednesday by the old mayor.")
    second = paragraph(50, 130, "It cost 40 million euros, and the municipality had to pay all of that.")
    third = [Placed(65, 142, "Nobody had seen such a bridge before, and many people walked over")]
    fourth = [Placed(50, 154, "it on the first day.")]
    assert pdf.parse(written([*first, *second, *third, *fourth])).text.split("\n\n") == [
        "The bridge over the river was opened on Wednesday by the old mayor.",
        "It cost 40 million euros, and the municipality had to pay all of that.",
        "Nobody had seen such a bridge before, and many people walked over it on the first day.",
    ]


def test_columns_are_read_one_after_the_other_below_the_title() -> None:
    left = (
        "The bridge over the river",
        "was opened on Wednesday",
        "by the mayor of the town,",
        "who called it a triumph",
    )
    right = (
        "of engineering. The council",
        "paid 40 million euros for",
        "it, and many people came",
        "to walk across it that day.",
    )
    rows = [
        placed
        for number, (here, there) in enumerate(zip(left, right, strict=True))
        for placed in (Placed(50, 100 + 12 * number, here), Placed(210, 100 + 12 * number, there))
    ]
    title = Placed(50, 70, "A bridge for the town on the river", 18)
    article = read(written([title, *rows]))
    assert article.title == "A bridge for the town on the river"
    assert article.text == " ".join([*left, *right])


def test_running_heads_feet_and_page_numbers_are_left_out() -> None:
    def page(number: int, *lines: str) -> list[Placed]:
        head = Placed(50, 30, f"The Daily Bridge, part {number}", 8)
        return [head, *paragraph(50, 100, *lines), Placed(195, 480, f"- {number} -", 8)]

    document = written(
        page(1, "The bridge was opened on Wednesday, and many people of the"),
        page(2, "town walked over it. They paid nothing."),
        page(3, "On Thursday it was closed again."),
    )
    assert read(document).text == (
        "The bridge was opened on Wednesday, and many people of the town walked over it. They paid nothing.\n\n"
        "On Thursday it was closed again."
    )


def test_headings_list_items_and_table_rows_are_blocks() -> None:
    body = paragraph(50, 100, "The bridge over the river was opened on Wednesday by the old mayor.")
    heading = Placed(50, 130, "What it cost", 10, "bold")
    items = paragraph(
        50, 150, "• Forty million euros for the bridge itself.", "• Two million for the roads on both sides."
    )
    cells = [
        Placed(50 + 120 * column, 190 + 14 * row, cell)
        for row, cells in enumerate([("Year", "Bridge", "Tolls"), ("2015", "North", "none")])
        for column, cell in enumerate(cells)
    ]
    article = pdf.parse(written([*body, heading, *items, *cells]))
    assert article.text.split("\n\n")[1:] == [
        "What it cost",
        "• Forty million euros for the bridge itself.",
        "• Two million for the roads on both sides.",
        "Year | Bridge | Tolls",
        "2015 | North | none",
    ]
    assert [article.text[offset:][:12] for offset in article.sections] == ["What it cost"]


def test_ligatures_are_letters() -> None:
    assert read(written([Placed(50, 100, "The \ufb01rst bridge.")])).text == "The first bridge."


@pytest.mark.parametrize("name", ["", "bridge-final2.indd", "Microsoft Word - bridge.doc", "untitled"])
def test_the_largest_text_is_the_title_if_the_properties_have_none(name: str) -> None:
    page = [Placed(50, 60, "A bridge opens", 20), *BRIDGE]
    assert read(written(page, properties={"Title": name})).title == "A bridge opens"


def test_title_authors_and_date_come_from_the_properties() -> None:
    properties = {"Title": "On bridges", "Author": "Ada Beam, Bert Span", "CreationDate": "D:20160302101500Z"}
    article = read(written(BRIDGE, properties=properties))
    assert (article.title, article.authors, str(article.published)) == (
        "On bridges",
        ("Ada Beam", "Bert Span"),
        "2016-03-02",
    )
    assert article.metadata["published_derived_from"] == "the file's creation date"
    assert article.metadata["page_count"] == 1


def test_every_word_has_its_place_on_its_page() -> None:
    second = [Placed(80, 200, "It was closed on Thursday.")]
    article = read(written(BRIDGE, second))
    assert words_at(article, "It cost 40 million") == [(1, 134, 114)]
    assert words_at(article, "mayor, who called it") == [(1, 318, 102), (1, 50, 114)]
    assert words_at(article, "closed on Thursday.") == [(2, 109, 202)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_places_are_those_of_the_page_as_it_is_shown(rotate: int) -> None:
    article = read(written([Placed(50, 100, "The bridge was opened.")], rotate=rotate))
    assert words_at(article, "The bridge was opened.") == [(1, 50, 102)]


def test_a_page_is_drawn_with_the_quote_marked() -> None:
    document = written(BRIDGE, [Placed(80, 200, "It was closed on Thursday.")])
    article = read(document)
    start = article.text.index("It cost 40 million")
    boxes = article.pages.boxes(start, start + len("It cost 40 million"))
    image = Image.open(BytesIO(page_image(document, 1, boxes)))
    assert image.size == (800, 1000)
    left, top = 2 * boxes[0].x0, 2 * boxes[0].y0

    def blue(x: float, y: float) -> int:
        pixel = image.getpixel((round(x), round(y)))
        assert isinstance(pixel, tuple)
        return pixel[2]

    assert blue(left, top) < 150
    assert blue(left - 20, top) == 255 or blue(left - 8, top) == 255
    assert blue(left, top - 30) == 255


def test_a_page_that_is_not_there_cannot_be_drawn() -> None:
    with pytest.raises(MalformedSource, match="Page 2"):
        page_image(written(BRIDGE), 2, [])


def test_a_scan_is_said_to_be_one() -> None:
    with pytest.raises(MalformedSource, match=r"a scan without a text layer.*2 of 2 pages.*text recognition"):
        read(written([], [Placed(190, 480, "2")], pictures=True))


def test_scanned_pages_among_others_are_named() -> None:
    pages = [BRIDGE, BRIDGE, []]
    assert read(written(*pages, pictures=True)).metadata["pages_without_text"] == [3]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (LOCKED, r"needs a password.*Save a copy without"),
        (b"%PDF-1.4\nand nothing else", "damaged"),
        (written(BRIDGE)[:60], "damaged"),
        (written([]), "no text"),
        (written(*[[]] * 5_001), "5,001"),
    ],
    ids=["encrypted", "torn", "cut off", "empty", "too long"],
)
def test_what_cannot_be_read_is_refused_with_its_reason(document: bytes, reason: str) -> None:
    with pytest.raises(MalformedSource, match=reason):
        read(document)
