"""reStructuredText documents: docutils makes HTML of them, which is read like a page's."""

from docutils import nodes
from docutils.core import publish_doctree, publish_from_doctree

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import parse_date
from assistant.sources.html_tree import flatten_cells, parse_tree, read_tree
from assistant.sources.metadata_fields import kept_fields
from assistant.sources.parsed_article import ParsedArticle
from embeddings.text.article import reject_lone_surrogates

# Nothing is included from other files, and what Sphinx alone knows is left as it is.
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 6,
    "warning_stream": False,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "doctitle_xform": True,
    "docinfo_xform": True,
    "syntax_highlight": "none",
    "section_self_link": False,
    "output_encoding": "unicode",
}


def parse(text: str) -> ParsedArticle:
    """Convert a document to plain text: headings, paragraphs, list items, rows of tables and code are blocks.

    The title is the document's; author and date come from its field list at the top, whose other fields are metadata.

    Raises:
        InvalidInput: the text has a lone surrogate.
    """
    reject_lone_surrogates("text", text)
    document = publish_doctree(text, settings_overrides=_SETTINGS)
    authors = [node.astext() for node in document.findall(nodes.author)]
    fields = [(node[0].astext(), node[1].astext()) for node in document.findall(nodes.field) if _is_docinfo(node)]
    dates = [node.astext() for node in document.findall(nodes.date)]
    for node in [*document.findall(nodes.docinfo), *document.findall(nodes.system_message)]:
        node.parent.remove(node)
    root = parse_tree(publish_from_doctree(document, writer="html5", settings_overrides=_SETTINGS))
    for head in root.xpath("//head"):
        head.getparent().remove(head)
    flatten_cells(root)
    blocks = Blocks()
    read_tree(root, blocks)
    return ParsedArticle(
        blocks.text,
        title=document.get("title") or None,
        authors=split_authors(*authors),
        published=parse_date(dates[0]) if dates else None,
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        code=tuple(blocks.code),
        metadata=kept_fields(fields),
    )


def _is_docinfo(field: nodes.Node) -> bool:
    return isinstance(field.parent, nodes.docinfo)
