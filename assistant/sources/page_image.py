"""Images of the pages of PDF documents, with a quote marked."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfDocument, PdfiumError

from assistant.errors import MalformedSource
from embeddings.text.page_map import Box

_DOTS = 2.0  # to a point: 144 to the inch
_LONGEST = 3_000  # dots of an image's longer side
_MARK = (255, 224, 102)
_MARGIN = 1.0  # points around a box


def draw_page(document: bytes, page: int, boxes: Sequence[Box]) -> bytes:
    """Return a page as a PNG image, with the boxes marked as with a highlighter.

    Args:
        document: The PDF document.
        page: The number of the page, from 1.
        boxes: The boxes on this page.

    Raises:
        MalformedSource: the document has no such page, or it cannot be drawn.
    """
    try:
        with PdfDocument(document) as opened:
            sheet = opened[page - 1]
            scale = min(_DOTS, _LONGEST / max(sheet.get_size()))
            image = sheet.render(scale=scale).to_pil().convert("RGB")
    except (PdfiumError, IndexError) as error:
        raise MalformedSource(
            f"Page {page} cannot be shown.",
            expected="a page of the document",
            got=str(error)[:200] or "none of this number",
            hint="The article's text is whole without its pages.",
        ) from None
    marks = Image.new("RGB", image.size, "white")
    drawing = ImageDraw.Draw(marks)
    for box in boxes:
        sides = (box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 + _MARGIN, box.y1 + _MARGIN)
        drawing.rectangle([scale * side for side in sides], fill=_MARK)
    buffer = BytesIO()
    ImageChops.multiply(image, marks).save(buffer, "PNG")
    return buffer.getvalue()
