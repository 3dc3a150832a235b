"""Markdown documents: GitHub's, with definition lists, and front matter as metadata."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.gfm import gfm_plugin

from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import as_text, parse_date, parse_language, split_front_matter
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.metadata_fields import kept_fields
from assistant.sources.parsed_article import ParsedArticle
from assistant.sources.template_tags import TemplateTags
from embeddings.text.article import normalise_line_ends, reject_lone_surrogates

_KNOWN = {"title", "url", "source", "author", "authors"}
# The HTML that is left out of a title in front matter; "Vec<T>" is no HTML.
_TITLE_TAG = re.compile(r"</?(?:a|abbr|b|br|cite|code|em|i|kbd|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>")
_SKIPPED_TAG = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)


def parse(text: str) -> ParsedArticle:
    """Convert a Markdown document to plain text. Code is verbatim; list items and table rows are blocks of their own.

    Footnotes are blocks at the end, without their marks. A site generator's tags are left out: see
    :mod:`assistant.sources.template_tags`.

    Headings start sections. Title, date (or published), authors, source (or author), language (or lang) and URL
    come from front matter; without a title there, it is the first heading of level one. What else is there is metadata.

    Raises:
        InvalidInput: the text has a lone surrogate.
    """
    reject_lone_surrogates("text", text)
    fields, text = split_front_matter(normalise_line_ends(text))
    known = {name.lower(): as_text(value) for name, value in fields.items()}
    day, tongue = "date" if "date" in known else "published", "language" if "language" in known else "lang"
    published, language = parse_date(known.get(day, "")), parse_language(known.get(tongue, ""))
    used = _KNOWN | ({day} if published else set()) | ({tongue} if language else set())
    template = TemplateTags(text)
    tokens = MarkdownIt("commonmark").use(gfm_plugin).use(deflist_plugin).parse(template.hidden)
    blocks = _blocks(tokens, template)
    first_heading = next(
        (i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None
    )
    return ParsedArticle(
        blocks.text,
        title=unescape(_TITLE_TAG.sub("", known.get("title", "")))
        or (None if first_heading is None else _plain_text(tokens[first_heading + 1], template)),
        url=known.get("url"),
        source=known.get("source") or known.get("author"),
        authors=split_authors(known.get("authors") or known.get("author", "")),
        published=published,
        language=language,
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        code=tuple(blocks.code),
        metadata=kept_fields((name, value) for name, value in fields.items() if name.lower() not in used),
    )


def _blocks(tokens: Sequence[Token], template: TemplateTags) -> Blocks:
    blocks = Blocks()
    row: list[str] | None = None
    types = ["", *(token.type for token in tokens)]
    for opened, token, of_list in zip(types, tokens, _lists(tokens), strict=False):
        match token.type:
            case "inline" if opened == "alert_title_open":
                continue  # the word "Note" or "Warning"
            case "inline" if row is not None:
                row.append(_plain_text(token, template))
            case "inline":
                blocks.add(_plain_text(token, template), heading=opened == "heading_open", of_list=of_list)
            case "fence" | "code_block":
                blocks.add(template.in_code(token.content), verbatim=True, of_list=of_list)
            case "html_block":
                read_tree(parse_tree(template.in_text(token.content)), blocks)
            case "tr_open":
                row = []
            case "tr_close" if row is not None:
                blocks.add(" | ".join(row))
                row = None
    return blocks


def _lists(tokens: Sequence[Token]) -> Iterator[Token | None]:
    """Yield for each token the outermost list that it is in."""
    lists: list[Token] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        yield lists[0] if lists else None


def _plain_text(inline: Token, template: TemplateTags) -> str:
    """The text of inline markup: the labels of links and images, and what is between tags of raw HTML."""
    children = inline.children or []
    tags = [_SKIPPED_TAG.match(token.content) if token.type == "html_inline" else None for token in children]
    last_end = max((i for i, tag in enumerate(tags) if tag and tag[1]), default=-1)
    pieces: list[str] = []
    skipping = False
    for i, (token, tag) in enumerate(zip(children, tags, strict=True)):
        if tag:
            skipping = not tag[1] and i < last_end  # an unclosed tag hides nothing
        elif skipping:
            continue
        elif token.type == "image":
            pieces.append(_plain_text(token, template))
        elif token.type == "hardbreak" or (token.type == "html_inline" and token.content.lower().startswith("<br")):
            pieces.append("\n")
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "code_inline":
            pieces.append(template.in_code(token.content))
        elif token.type != "html_inline":
            pieces.append(template.in_text(token.content))
    return "".join(pieces)
