"""A writer of small PDF documents: lines of text at given places, on given pages."""

from collections.abc import Sequence
from typing import NamedTuple

FONTS = {"": "Helvetica", "bold": "Helvetica-Bold"}
PIXEL = (
    "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    "\nstream\n~\nendstream"
)


class Placed(NamedTuple):
    """A line of text whose baseline begins at a point, counted from the top left of the page."""

    x: float
    y: float
    text: str
    size: float = 10
    font: str = ""


def pdf(
    *pages: Sequence[Placed],
    width: float = 400,
    height: float = 500,
    rotate: int = 0,
    properties: dict[str, str] | None = None,
    pictures: bool = False,
) -> bytes:
    """Return a document; with ``pictures`` each page is filled by one.

    The pages lie turned by ``rotate`` degrees, and are shown upright: places are those of the page as it is shown.
    """
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    fonts = "/F 3 0 R /Fbold 4 0 R"
    info = " ".join(f"/{name} ({value})" for name, value in (properties or {}).items())
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        5: f"<< {info} >>",
        6: PIXEL,
    }
    for number, name in enumerate(FONTS.values(), start=3):
        # Character 1 is a ligature, which Latin-1 does not have.
        encoding = "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi] >>"
        objects[number] = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding {encoding} >>"
    for number, page in enumerate(pages):
        content = f"q {width} 0 0 {height} 0 0 cm /Picture Do Q\n" if pictures else ""
        for x, y, text, size, font in page:
            escaped = text.replace("\ufb01", "\x01").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            matrix = {
                0: f"1 0 0 1 {x} {height - y}",
                90: f"0 1 -1 0 {y} {x}",
                180: f"-1 0 0 -1 {width - x} {y}",
                270: f"0 -1 1 0 {width - y} {height - x}",
            }[rotate]
            content += f"BT /F{font} {size} Tf {matrix} Tm ({escaped}) Tj ET\n"
        objects[10 + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {rotate}"
            f" /Resources << /Font << {fonts} >> /XObject << /Picture 6 0 R >> >> /Contents {11 + 2 * number} 0 R >>"
        )
        objects[11 + 2 * number] = f"<< /Length {len(content)} >>\nstream\n{content}endstream"
    return _assembled(objects)


def paragraph(x: float, y: float, *lines: str, size: float = 10, font: str = "") -> list[Placed]:
    """Return lines below each other at the usual distance."""
    return [Placed(x, y + 1.2 * size * number, line, size, font) for number, line in enumerate(lines)]


def _assembled(objects: dict[int, str]) -> bytes:
    document, offsets = b"%PDF-1.4\n", {}
    for number, value in objects.items():
        offsets[number] = len(document)
        document += f"{number} 0 obj\n{value}\nendobj\n".encode("cp1252")
    table = "xref\n0 1\n0000000000 65535 f \n" + "".join(
        f"{number} 1\n{offset:010} 00000 n \n" for number, offset in offsets.items()
    )
    trailer = f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(document)}\n%%EOF\n"
    return document + (table + trailer).encode()
