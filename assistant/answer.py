"""Response models: answers, their sentences and citations, the passages of a search, and example questions."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from embeddings.text.page_map import Box

Verdict = Literal["verbatim", "supported", "contradicted"]
Reason = Literal[
    "no_relevant_passage", "not_answered_by_passages", "contradicts_the_question", "not_grounded", "library_empty"
]
Mode = Literal["extractive", "generative", "digest", "about"]
Confidence = Annotated[
    Annotated[float, Field(ge=0, le=1)] | None,
    Field(description="Calibrated probability that the answer is right; null for a digest, which is not calibrated."),
]
Notices = Annotated[
    tuple[str, ...],
    Field(exclude_if=lambda value: not value, description="What there is to say about the request, if anything."),
]
Explanation = Annotated[
    dict[str, JsonValue] | None,
    Field(exclude_if=lambda value: value is None, description="How the result was made, if that was asked for."),
]


def _is_none(value: object) -> bool:
    return value is None


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Location(_Value):
    """A span of an article. ``start`` and ``end`` are offsets into its text, in Unicode code points."""

    id: Annotated[str, Field(description="Stable: derived from the article, its revision and the span.")]
    article_id: str
    revision: Annotated[str, Field(description="sha256 of the article's text that the offsets refer to.")]
    title: str
    url: str | None
    source: str | None
    published: date | None
    paragraph: Annotated[int, Field(ge=1, description="Paragraph in which the span starts, counted from 1.")]
    start: Annotated[int, Field(ge=0, description="First character, in Unicode code points.")]
    end: Annotated[int, Field(ge=0, description="One past the last character.")]
    start_utf16: Annotated[int, Field(ge=0, description="`start` in UTF-16 code units, as JavaScript counts.")]
    end_utf16: Annotated[int, Field(ge=0, description="`end` in UTF-16 code units.")]
    page: Annotated[
        int | None,
        Field(exclude_if=_is_none, ge=1, description="Page on which the span starts; absent without pages."),
    ] = None
    boxes: Annotated[
        tuple[Box, ...] | None,
        Field(
            exclude_if=_is_none,
            description="Where the characters stand: `[page, x0, y0, x1, y1]` a line, in points from the top left.",
        ),
    ] = None
    also: Annotated[
        tuple[str, ...],
        Field(
            exclude_if=lambda value: not value,
            description="Ids of near-duplicates of the article, which are not cited beside it; absent without any.",
        ),
    ] = ()
    link: Annotated[str, Field(description="The article's page on this server, with the characters highlighted.")]
    source_link: Annotated[
        str | None,
        Field(
            description="The article's own URL with a text fragment that matches these characters only, or null; of a "
            "PDF document, with the page."
        ),
    ]


class Citation(Location):
    """The characters that decide about a sentence, and the verdict of the check."""

    quote: Annotated[str, Field(description="Exactly `text[start:end]` of the article.")]
    verdict: Annotated[
        Verdict,
        Field(
            description="`verbatim`: the sentence equals the quote. `supported`: the quote supports it. "
            "`contradicted`: the quote says otherwise."
        ),
    ]
    score: Annotated[float, Field(ge=0, le=1, description="The verdict's score; 1.0 for `verbatim`.")]


class Passage(Location):
    """A passage of a search result; it is its own citation."""

    text: Annotated[str, Field(description="Exactly `text[start:end]` of the article.")]
    score: Annotated[float, Field(description="Fused score; comparable within one search.")]
    ranks: Annotated[dict[str, int | None], Field(description="Rank from 1 in each search; null where not found.")]


class SearchReply(_Value):
    """The passages of a search result, best first; each is its own citation."""

    query: str
    passages: tuple[Passage, ...]
    notices: Notices = ()
    explain: Explanation = None


class LikeReply(_Value):
    """The best passages of the articles that are most like one, best first."""

    article_id: str
    passages: tuple[Passage, ...]
    notices: Notices = ()


class Sentence(_Value):
    """A sentence of an answer; ``start`` and ``end`` are offsets into ``Answer.answer``, in code points."""

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    citations: Annotated[tuple[str, ...], Field(min_length=1, description="Ids of the citations that support it.")]
    verdict: Annotated[
        Verdict | None,
        Field(
            exclude_if=lambda value: value is None,
            description="Where it is not that of its citations, of which another sentence has the words; else absent.",
        ),
    ] = None
    code: Annotated[
        bool,
        Field(
            exclude_if=lambda value: not value,
            description="True of lines of code, whose line ends and indentation mean something; else absent.",
        ),
    ] = False


class Answer(_Value):
    """An answer in which every sentence is cited and every citation was checked, or an abstention with its reason.

    One of mode ``about`` has no sentences: it says nothing from an article's text.
    """

    id: str
    question: str
    standalone_question: Annotated[str, Field(description="The question as it was searched for.")]
    mode: Annotated[
        Mode,
        Field(
            description="How the answer was made. `digest`: the central sentences of an article or of what was found. "
            "`about`: a plain text about the assistant or its articles, without sentences and citations."
        ),
    ]
    answer: Annotated[str | None, Field(description="The sentences joined by one space; null when abstained.")]
    short_answer: Annotated[str | None, Field(description="The words that answer the question, if they are known.")]
    abstained: bool
    reason: Reason | None
    confidence: Confidence
    dropped_sentences: Annotated[int, Field(ge=0, description="Sentences that failed the check and were left out.")]
    notices: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    timings_ms: dict[str, float]
    explain: Explanation = None

    def parts(self) -> Iterator[Citation | Sentence]:
        """Yield the sentences in order, each after those of its citations that no earlier sentence has.

        Of an abstention, yield what contradicts the question.
        """
        if not self.sentences:
            yield from self.citations
        remaining = {citation.id: citation for citation in self.citations}
        for sentence in self.sentences:
            yield from (remaining.pop(name) for name in sentence.citations if name in remaining)
            yield sentence


class ExampleQuestion(_Value):
    """A question that was asked before it is offered, and the article that answers it."""

    question: str
    article_id: str
    title: Annotated[str, Field(description="Title of the article.")]


class ExamplesReply(_Value):
    """Questions to begin with, or to go on with."""

    examples: tuple[ExampleQuestion, ...]
