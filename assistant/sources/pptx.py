"""Presentations (.pptx): the text of their slides."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.metadata_fields import described
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.zip_archive import opened


def parse(data: bytes) -> ParsedArticle:
    """Convert a presentation to plain text: a slide's title starts a section; paragraphs and rows of tables are blocks.

    The speaker's notes follow each slide. Title, author and date are the document's properties.

    Raises:
        MalformedSource: the presentation is damaged, locked or too large.
    """
    from pptx import Presentation  # imported late, because it loads slowly

    blocks = Blocks()
    with opened(data):
        presentation = Presentation(BytesIO(data))
        for slide in presentation.slides:
            title = slide.shapes.title
            if title is not None:
                blocks.add(title.text_frame.text.replace("\v", " "), heading=True)
            for text in _texts(shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id):
                blocks.add(text)
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                    blocks.add(paragraph.text)
        known = presentation.core_properties
    created = known.created
    return ParsedArticle(
        blocks.text,
        title=known.title if known.title and known.title != "PowerPoint Presentation" else None,
        authors=split_authors(known.author),
        published=created.date() if created else None,
        language=known.language.partition("-")[0].lower() or None,
        sections=tuple(blocks.sections),
        metadata=described((name, [getattr(known, name)]) for name in ("category", "keywords", "subject")),
    )


def _texts(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):  # a group
            yield from _texts(shape.shapes)
        elif shape.has_text_frame:
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
        elif getattr(shape, "has_table", False):
            yield from (" | ".join(cell.text for cell in row.cells) for row in shape.table.rows)
