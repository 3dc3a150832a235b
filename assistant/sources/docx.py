"""Word documents (.docx): mammoth makes HTML of them, which is read like a page's."""

from io import BytesIO

import mammoth

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import parse_date
from assistant.sources.html_tree import flatten_cells, parse_tree, read_tree
from assistant.sources.metadata_fields import described, kept_fields
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.zip_archive import custom_properties, opened, properties

_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"


def parse(data: bytes) -> ParsedArticle:
    """Convert a document to plain text: headings, paragraphs, list items and rows of tables are blocks.

    Title, authors and date are the document's properties; without a title there, it is the paragraph of style Title, or
    else the first heading if nothing stands before it.

    Raises:
        MalformedSource: the document is damaged, locked or too large.
    """
    with opened(data) as archive:
        known = properties(archive, "docProps/core.xml")
        custom = custom_properties(archive, "docProps/custom.xml")
        html = mammoth.convert_to_html(
            BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(_none)
        )
    root = parse_tree(html.value)
    flatten_cells(root)
    blocks = Blocks()
    read_tree(root, blocks)
    titled = root.xpath("string(//h1[@class='title'])").strip()
    return ParsedArticle(
        blocks.text,
        title=known.get("title", [""])[0] or titled or None,
        authors=split_authors(*known.get("creator", ())),
        published=parse_date(known.get("created", [""])[0]),
        language=(known.get("language", [""])[0].partition("-")[0].lower() or None),
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        metadata={**described(known.items()), **kept_fields(custom.items())},
    )


def _none(_: object) -> dict[str, str]:
    return {"src": ""}
