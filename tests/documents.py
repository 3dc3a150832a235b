"""Small documents of many kinds, made from scratch, that all say the same."""

from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

from pptx import Presentation
from pptx.util import Inches

from tests.pdf_writer import Placed, paragraph, pdf

TITLE = "A bridge for the town"
COST = "The bridge over the river cost 40 million euros, the mayor said on Thursday."
OPENED = "It was opened on Wednesday by the old mayor of the town."
ITEMS = ("Forty lamps stand on it.", "Two lanes are for bicycles.")
ROWS = (("Year", "Bridge", "Tolls"), ("2015", "North", "none"))
AUTHOR = "Ada Beam"
DAY = "2016-03-02"
BLOCKS = [OPENED, "What it cost", COST, *ITEMS, *(" | ".join(row) for row in ROWS)]  # the text of each document

_HTML_BODY = (
    f"<h1>{TITLE}</h1><p>{OPENED}</p><h2>What it cost</h2><p>{COST}</p>"
    f"<ul>{''.join(f'<li>{item}</li>' for item in ITEMS)}</ul>"
    f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in ROWS)}</table>"
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'


def _zipped(**parts: str) -> bytes:
    """Return an archive; in the names of its parts, two underscores stand for a slash and one for a dot."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx() -> bytes:
    """A Word document."""

    def p(text: str, style: str = "", item: bool = False) -> str:
        numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if item else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbered}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'

    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in ROWS)
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    items = "".join(p(item, item=True) for item in ITEMS)
    styles = (
        "".join(
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/></w:style>' for name in ("Title",)
        )
        + '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    )
    body = p(TITLE, "Title") + p(OPENED) + p("What it cost", "Heading1") + p(COST) + items + table
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    rels = f'<Relationships xmlns="{package}/relationships">'
    return _zipped(
        **{
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'{rels}<Relationship Id="a" Type="{office}/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
            "word/_rels/document.xml.rels": f'{rels}<Relationship Id="b" Type="{office}/styles" Target="styles.xml"/>'
            "</Relationships>",
            "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "docProps/core.xml": f"<p {_DC}><dc:creator>{AUTHOR}</dc:creator>"
            f"<dcterms:created>{DAY}T10:15:00Z</dcterms:created><keywords>bridges; rivers</keywords></p>",
            "docProps/custom.xml": '<p><property name="section"><v>Town</v></property></p>',
        }
    )


def epub() -> bytes:
    """An electronic book of two chapters and a table of contents."""
    first, second = _HTML_BODY.split("<h2>")
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Chapter</title></head><body>'
    nav, item = 'properties="nav"', '<item id="{0}" href="{0}.xhtml" media-type="application/xhtml+xml" {1}/>'
    return _zipped(
        **{
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": f'<package xmlns="http://www.idpf.org/2007/opf"><metadata {_DC}>'
            f"<dc:title>{TITLE}</dc:title><dc:creator>{AUTHOR}</dc:creator><dc:date>{DAY}</dc:date><dc:language>en-GB</dc:language>"
            "<dc:subject>Bridges</dc:subject><dc:subject>Rivers</dc:subject></metadata>"
            f"<manifest>{item.format('two', '')}{item.format('one', '')}{item.format('toc', nav)}</manifest>"
            '<spine><itemref idref="toc"/><itemref idref="one"/><itemref idref="two"/></spine></package>',
            "OEBPS/toc.xhtml": f"{page}<p>Contents</p></body></html>",
            "OEBPS/one.xhtml": f"{page}{first}</body></html>",
            "OEBPS/two.xhtml": f"{page}<h2>{second}</body></html>",
        }
    )


def odt() -> bytes:
    """An OpenDocument text, with a comment and a deletion in it."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "meta")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in ROWS
    )
    items = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)
    comment = "<office:annotation><text:p>Is that so?</text:p></office:annotation>"
    cost = COST.replace("40 million", "<text:span>40<text:s/>million</text:span>")
    return _zipped(
        mimetype="application/vnd.oasis.opendocument.text",
        **{
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>"
            "<text:tracked-changes><text:p>It cost nothing.</text:p></text:tracked-changes>"
            f"<text:h>{TITLE}</text:h><text:p>{OPENED}{comment}</text:p><text:h>What it cost</text:h>"
            f"<text:p>{cost}</text:p><text:list>{items}</text:list><table:table>{rows}</table:table>"
            "</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {spaces} {_DC}><dc:title>{TITLE}</dc:title>"
            f"<meta:initial-creator>{AUTHOR}</meta:initial-creator>"
            f"<meta:creation-date>{DAY}T10:15:00</meta:creation-date><meta:keyword>bridges</meta:keyword>"
            '<meta:user-defined meta:name="section">Town</meta:user-defined></office:document-meta>',
        },
    )


def pptx() -> bytes:
    """A presentation of two slides."""
    presentation = Presentation()
    layout = presentation.slide_layouts[1]
    first, second = presentation.slides.add_slide(layout), presentation.slides.add_slide(layout)
    first.shapes.title.text, second.shapes.title.text = TITLE, "What it cost"
    first.placeholders[1].text = OPENED
    second.placeholders[1].text = "\n".join([COST, *ITEMS])
    table = second.shapes.add_table(2, 3, Inches(1), Inches(5), Inches(6), Inches(1)).table
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    properties = presentation.core_properties
    properties.title, properties.author, properties.category = TITLE, AUTHOR, "Town"
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def rst() -> bytes:
    """A reStructuredText document that would include another file if it might."""
    rows = "\n".join(f"   * - {row[0]}\n     - {row[1]}\n     - {row[2]}" for row in ROWS)
    items = "\n".join(f"* {item}" for item in ITEMS)
    return (
        f"{'=' * 30}\n{TITLE}\n{'=' * 30}\n\n:Author: {AUTHOR}\n:Date: {DAY}\n:Section: Town\n\n{OPENED}\n\n"
        ".. include:: /etc/hostname\n\n.. raw:: html\n\n   <p>Raw.</p>\n\n"
        f"What it cost\n============\n\n{COST.replace('40 million', '**40 million**')}\n\n{items}\n\n"
        f".. list-table::\n\n{rows}\n"
    ).encode()


def mail() -> bytes:
    """A mail in two forms, with an attachment."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, f"{AUTHOR} <ada@example.org>", "all@example.org"
    message["Date"] = "Wed, 02 Mar 2016 10:15:00 +0100"
    message.set_content("\n\n".join(BLOCKS))
    message.add_alternative(_HTML_BODY, subtype="html")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="plan.bin")
    return message.as_bytes()


def saved_page() -> bytes:
    """A web page that a browser saved with its picture."""
    page = EmailMessage()
    head = f'<title>{TITLE}</title><meta name="author" content="{AUTHOR}"><meta name="date" content="{DAY}">'
    page["Snapshot-Content-Location"] = "https://example.org/bridge"
    page["Subject"] = TITLE
    page.set_content(
        f"<html lang=en><head>{head}</head><body><article>{_HTML_BODY}</article></body></html>", subtype="html"
    )
    page.add_related(b"\x89PNG", maintype="image", subtype="png", cid="picture")
    return page.as_bytes()


def xhtml() -> bytes:
    """A page in XML."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head>'
        f'<title>{TITLE}</title><meta name="author" content="{AUTHOR}"/><meta name="date" content="{DAY}"/></head>'
        f"<body><article>{_HTML_BODY}</article></body></html>"
    ).encode()


def pdf_document() -> bytes:
    """A PDF document of one page."""
    cells = [
        Placed(50 + 120 * column, 230 + 14 * row, cell)
        for row, cells in enumerate(ROWS)
        for column, cell in enumerate(cells)
    ]
    page = [
        Placed(50, 60, TITLE, 20),
        *paragraph(50, 100, OPENED),
        Placed(50, 130, "What it cost", 10, "bold"),
        *paragraph(50, 150, COST.partition(" the mayor")[0], COST.partition("euros, ")[2]),
        *paragraph(50, 190, *ITEMS),
        *cells,
    ]
    return pdf(page, properties={"Author": AUTHOR, "CreationDate": "D:20160302", "Keywords": "bridges, rivers"})


DOCUMENTS = {
    "bridge.docx": docx,
    "bridge.epub": epub,
    "bridge.odt": odt,
    "bridge.pptx": pptx,
    "bridge.rst": rst,
    "bridge.eml": mail,
    "bridge.mhtml": saved_page,
    "bridge.xhtml": xhtml,
    "bridge.pdf": pdf_document,
}
# Metadata of the documents that have more than title, author and date.
DESCRIBED: dict[str, dict[str, str | list[str]]] = {
    "bridge.docx": {"keywords": ["bridges", "rivers"], "section": "Town"},
    "bridge.epub": {"subject": ["Bridges", "Rivers"]},
    "bridge.odt": {"keywords": "bridges", "section": "Town"},
    "bridge.pptx": {"category": "Town"},
    "bridge.rst": {"Section": "Town"},
    "bridge.pdf": {"keywords": ["bridges", "rivers"]},
}
