"""An answer as the text of a chat message, with annotations that link its sentences to their citations."""

import re
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer, Citation, Sentence
from assistant.doors.abstention import NO_ANSWER, answer_text
from assistant.doors.openai.markdown import escape, link_destination, unescape
from embeddings.text.article import Span

_FOOTNOTES = re.compile(r"\n\n\[1\] “.*", re.DOTALL)
_MARKER = re.compile(r" \[\d+\]")
_BACKTICKS = re.compile("`+")


class UrlCitation(BaseModel):
    """A citation of a span of the reply.

    As in OpenAI's format, offsets count code points and ``end_index`` is exclusive. Offsets in UTF-16 code units are
    given for JavaScript.
    """

    model_config = ConfigDict(frozen=True)

    url: Annotated[str, Field(description="The original page, scrolled to the quote, else the article's page here.")]
    title: str
    start_index: Annotated[int, Field(ge=0, description="First character of the reply that is cited.")]
    end_index: Annotated[int, Field(ge=0, description="One past the last.")]
    start_utf16: Annotated[int, Field(ge=0, description="`start_index` in UTF-16 code units.")]
    end_utf16: Annotated[int, Field(ge=0, description="`end_index` in UTF-16 code units.")]


class Annotation(BaseModel):
    """One entry of ``message.annotations``."""

    model_config = ConfigDict(frozen=True)

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class CitedReply(NamedTuple):
    """The text in the parts in which it is streamed, and its annotations."""

    parts: tuple[str, ...]
    annotations: tuple[Annotation, ...]

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(self.parts)


def reply(answer: Answer, *, footnotes: bool) -> CitedReply:
    """Return the reply for an answer: one part per sentence, escaped so that Markdown shows it and fetches nothing.

    With ``footnotes``, numbered markers follow the sentences, and a list of quotes and links follows the text, for
    clients that drop annotations.
    """
    if not answer.sentences:  # an abstention, or a text that says nothing from an article
        return CitedReply((escape(answer_text(answer)),), ())
    citations = {citation.id: citation for citation in answer.citations}
    numbers: dict[str, int] = {}
    text, parts, cited = "", list[str](), []
    for sentence in answer.sentences:
        before, said, _ = _shown(sentence)
        start = len(text) + len(before)
        span = Span(start=start, end=start + len(said))
        cited += [(citations[name], span) for name in sentence.citations]
        parts.append(sentence_part(sentence, numbers, footnotes=footnotes))
        text += parts[-1]
    if footnotes:
        parts += [f"\n\n[{numbers[name]}] {_footnote(citation)}" for name, citation in citations.items()]
    return CitedReply(tuple(parts), tuple(_annotation(citation, span, text) for citation, span in cited))


def without_footnotes(text: str) -> str:
    """Remove markers, footnotes and escapes from a reply that a client sends back as an earlier message.

    Of an abstention only the first sentence remains: what it names was not found.
    """
    if text.startswith(NO_ANSWER):
        return NO_ANSWER
    body = _FOOTNOTES.sub("", text)
    return unescape(text if body == text else _MARKER.sub("", body))


def sentence_part(sentence: Sentence, numbers: dict[str, int], *, footnotes: bool) -> str:
    """Return a sentence as a part of the reply. ``numbers``, by citation id, is updated with new citations."""
    for name in sentence.citations:
        numbers.setdefault(name, len(numbers) + 1)
    markers = "".join(f" [{numbers[name]}]" for name in sentence.citations) if footnotes else ""
    before, said, after = _shown(sentence)
    return f"{before}{said}{after}{markers}"


def _shown(sentence: Sentence) -> tuple[str, str, str]:
    """Return what stands before a sentence, the sentence as Markdown, and what stands after it: code is fenced."""
    if not sentence.code:
        return " " if sentence.start else "", escape(sentence.text), ""
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(sentence.text)), default=0))
    return f"\n\n{fence}\n" if sentence.start else f"{fence}\n", sentence.text, f"\n{fence}\n\n"


def _annotation(citation: Citation, span: Span, text: str) -> Annotation:
    utf16 = span.utf16(text)
    return Annotation(
        url_citation=UrlCitation(
            url=_url(citation),
            title=citation.title,
            start_index=span.start,
            end_index=span.end,
            start_utf16=utf16.start,
            end_utf16=utf16.end,
        )
    )


def _footnote(citation: Citation) -> str:
    """The citation on one line: quote, title, source, day, paragraph and link."""
    facts = (citation.title, citation.source, citation.published, f"paragraph {citation.paragraph}")
    where = ", ".join(str(fact) for fact in facts if fact)
    return " ".join(f"“{escape(citation.quote)}” {escape(where)} {link_destination(_url(citation))}".split())


def _url(citation: Citation) -> str:
    return citation.source_link or citation.link
