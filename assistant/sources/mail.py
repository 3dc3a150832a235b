"""Mails (.eml), and web pages that a browser saved with their parts (.mhtml), which have the same form."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses

from assistant.errors import MalformedSource
from assistant.sources import html
from assistant.sources.authors import split_authors
from assistant.sources.blocks import Blocks
from assistant.sources.encoding import decode
from assistant.sources.html_tree import parse_tree, read_tree
from assistant.sources.parsed_article import ParsedArticle


def parse_mail(data: bytes) -> ParsedArticle:
    """Read a mail: its plain text, or else its HTML. Subject, sender and date are title, author and day.

    Raises:
        MalformedSource: the mail has no text.
    """
    mail = _message(data)
    body = mail.get_body(("plain", "html"))
    if body is None:
        raise _no("text", mail)
    text = _content(body)
    known = ParsedArticle(
        text.strip(),
        title=str(mail["subject"] or "") or None,
        authors=split_authors(*(name or address for name, address in getaddresses([str(mail["from"] or "")]))),
        published=_day(mail),
        is_plain=True,
    )
    if body.get_content_subtype() == "plain":
        return known
    blocks = Blocks()
    read_tree(parse_tree(text), blocks)
    return replace(
        known,
        text=blocks.text,
        sections=tuple(blocks.sections),
        lists=tuple(blocks.lists),
        code=tuple(blocks.code),
        is_plain=False,
    )


def parse_saved_page(data: bytes) -> ParsedArticle:
    """Read the page of an MHTML file like an HTML page; its address is the one that it was saved from.

    Raises:
        MalformedSource: there is no page in it, or the page has no main text.
    """
    saved = _message(data)
    page = next((part for part in saved.walk() if part.get_content_subtype() in {"html", "xhtml+xml"}), None)
    if not isinstance(page, MIMEPart):
        raise _no("page", saved)
    parsed = html.parse(_content(page))
    url = str(saved["snapshot-content-location"] or page["content-location"] or "") or None
    return replace(parsed, url=parsed.url or url)


def _message(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    return message


def _content(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    charset = part.get_content_charset()
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data, "mail").text


def _day(mail: EmailMessage) -> date | None:
    sent = mail["date"]
    moment = getattr(sent, "datetime", None)
    return moment.date() if moment else None


def _no(what: str, message: EmailMessage) -> MalformedSource:
    return MalformedSource(
        f"There is no {what} in it.",
        expected="a part of type text/plain or text/html",
        got=message.get_content_type(),
        hint="Save the mail or the page again, or give the article as text.",
    )
