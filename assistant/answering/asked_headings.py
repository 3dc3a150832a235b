"""Questions that an article asks and answers itself, as help pages and lists of frequent questions do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answering.candidate_sentences import CandidateSentence, candidate_sentences
from assistant.conversation.function_words import WH
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span

MAX_OPENING = 3  # sentences
_ASKS = re.compile(rf"\A(?:{WH}|\w+ing)\b", re.IGNORECASE)
_LABEL = re.compile(r"\A(?:Q(?:uestion)?\s?\d*|\d+)\s?[.:)]\s*")


@dataclass(frozen=True)
class AskedHeading:
    """A question as an article asks it, and what stands below it, as far as its passage goes.

    ``title`` is that of the article, ``opening`` the first sentences of the first paragraph, ``section`` all up to the
    next heading.
    """

    text: str
    title: str
    opening: tuple[CandidateSentence, ...]
    section: tuple[CandidateSentence, ...]


class _Paragraph(NamedTuple):
    """A heading, which has no sentences, or a paragraph."""

    text: str
    sentences: tuple[CandidateSentence, ...] = ()

    @property
    def question(self) -> str | None:
        """The question that it is or begins with; a heading may ask without a mark: "How to renew a pass"."""
        if self.sentences:
            first = self.sentences[0].text
            return first if first.endswith("?") else None
        return self.text if self.text.endswith("?") or _ASKS.match(self.text) else None


def asked_headings(hits: Sequence[Hit]) -> list[AskedHeading]:
    """Return the questions that stand on lines of their own in the passages, or begin one, if something is below."""
    return [heading for hit in hits for heading in _in_paragraphs(hit.article.title, [*_paragraphs(hit)])]


def _in_paragraphs(title: str, paragraphs: Sequence[_Paragraph]) -> Iterator[AskedHeading]:
    for i, paragraph in enumerate(paragraphs):
        if not paragraph.question:
            continue
        below = [paragraph.sentences[1:]] if paragraph.sentences[1:] else []
        for other in paragraphs[i + 1 :]:
            if other.question or (below and not other.sentences):
                break
            below += [other.sentences] if other.sentences else []
        if below:
            section = tuple(sentence for sentences in below for sentence in sentences)
            yield AskedHeading(_LABEL.sub("", paragraph.question), title, below[0][:MAX_OPENING], section)


def _paragraphs(hit: Hit) -> Iterator[_Paragraph]:
    """Yield the headings and paragraphs of a passage, in order; before the first passage, the title of the article."""
    end = hit.passage.span.start
    if end == 0:
        yield _Paragraph(hit.article.title)
    read: list[CandidateSentence] = []
    for sentence in candidate_sentences([hit]):
        between = hit.excerpt.cut(Span(start=end, end=sentence.span.start))
        end = sentence.span.end
        if read and _is_paragraph_end(read[-1].text, between):
            yield _Paragraph("", tuple(read))
            read = []
        yield from (_Paragraph(heading.strip()) for heading in between.splitlines() if heading.strip())
        read.append(sentence)
    if read:
        yield _Paragraph("", tuple(read))


def _is_paragraph_end(text: str, between: str) -> bool:
    """Whether a paragraph ends with a sentence, by what follows; a question at the end of a line is one of its own."""
    breaks = between.count("\n")
    return breaks > 1 or bool(between.strip()) or (breaks == 1 and text.endswith("?"))
