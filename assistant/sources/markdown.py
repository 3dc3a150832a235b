"""Markdown: CommonMark with tables, as blocks of plain text; front matter as what it says about the article."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.sources.blocks import Blocks
from assistant.sources.front_matter import day, split_front_matter
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.parsed_article import ParsedArticle
from embeddings.text.article import normalise_line_ends, reject_lone_surrogates

_UNREAD_TAG = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)


def parse(text: str) -> ParsedArticle:
    """The readable text of a Markdown document: no markup, code verbatim, list items and table rows each a block.

    Headings start sections. Title, date (or published), source (or author) and URL come from front matter, the title
    else from the first heading of level one.

    Raises:
        InvalidInput: a lone surrogate.
    """
    reject_lone_surrogates("text", text)
    about, text = split_front_matter(normalise_line_ends(text))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    blocks = _blocks(tokens)
    first_heading = next(
        (i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None
    )
    return ParsedArticle(
        blocks.text,
        title=about.get("title") or (None if first_heading is None else _plain(tokens[first_heading + 1])),
        url=about.get("url"),
        source=about.get("source") or about.get("author"),
        published=day(about.get("date") or about.get("published", "")),
        sections=tuple(blocks.sections),
    )


def _blocks(tokens: Sequence[Token]) -> Blocks:
    blocks = Blocks()
    row: list[str] | None = None
    for before, token in zip([None, *tokens], tokens, strict=False):
        match token.type:
            case "inline" if row is not None:
                row.append(_plain(token))
            case "inline":
                blocks.add(_plain(token), heading=before is not None and before.type == "heading_open")
            case "fence" | "code_block":
                blocks.add(token.content, verbatim=True)
            case "html_block":
                read_tree(parse_tree(token.content), blocks)
            case "tr_open":
                row = []
            case "tr_close" if row is not None:
                blocks.add(" | ".join(row))
                row = None
    return blocks


def _plain(inline: Token) -> str:
    """The text of inline markup: of links and images what they say, of raw HTML what is between the tags."""
    children = inline.children or []
    tags = [_UNREAD_TAG.match(token.content) if token.type == "html_inline" else None for token in children]
    last_end = max((i for i, tag in enumerate(tags) if tag and tag[1]), default=-1)
    pieces: list[str] = []
    unread = False
    for i, (token, tag) in enumerate(zip(children, tags, strict=True)):
        if tag:
            unread = not tag[1] and i < last_end  # a tag that is never closed hides nothing
        elif unread:
            continue
        elif token.type == "image":
            pieces.append(_plain(token))
        elif token.type == "hardbreak" or (token.type == "html_inline" and token.content.lower().startswith("<br")):
            pieces.append("\n")
        elif token.type == "softbreak":
            pieces.append(" ")
        elif token.type != "html_inline":
            pieces.append(token.content)
    return "".join(pieces)
