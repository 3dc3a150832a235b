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
_ASKS = re.compile(rf"(?:{WH}|\w+ing)\b", re.IGNORECASE)
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


class _Line(NamedTuple):
    """A heading, which has no sentences, or a line of sentences."""

    text: str
    sentences: tuple[CandidateSentence, ...] = ()

    @property
    def question(self) -> str | None:
        """The question that the line is or begins with; a heading may ask without a mark: "How to renew a pass"."""
        if self.sentences:
            first = self.sentences[0].text
            return first if first.endswith("?") else None
        return self.text if self.text.endswith("?") or _ASKS.match(self.text) else None


def asked_headings(hits: Sequence[Hit]) -> list[AskedHeading]:
    """Return the questions that stand on lines of their own in the passages, or begin one, if something is below."""
    return [heading for hit in hits for heading in _in_lines(hit.article.title, [*_lines(hit)])]


def _in_lines(title: str, lines: Sequence[_Line]) -> Iterator[AskedHeading]:
    for i, line in enumerate(lines):
        if not line.question:
            continue
        below = [line.sentences[1:]] if line.sentences[1:] else []
        for other in lines[i + 1 :]:
            if other.question or (below and not other.sentences):
                break
            below += [other.sentences] if other.sentences else []
        if below:
            section = tuple(sentence for sentences in below for sentence in sentences)
            yield AskedHeading(_LABEL.sub("", line.question), title, below[0][:MAX_OPENING], section)


def _lines(hit: Hit) -> Iterator[_Line]:
    """Yield the headings and the lines of a passage, in order; the title of the article before its first passage."""
    end = hit.passage.span.start
    if end == 0:
        yield _Line(hit.article.title)
    line: list[CandidateSentence] = []
    for sentence in candidate_sentences([hit]):
        between = hit.excerpt.cut(Span(start=end, end=sentence.span.start))
        end = sentence.span.end
        if line and ("\n" in between or between.strip()):
            yield _Line("", tuple(line))
            line = []
        yield from (_Line(heading.strip()) for heading in between.splitlines() if heading.strip())
        line.append(sentence)
    if line:
        yield _Line("", tuple(line))
