"""Response models of a check: the sentences of a text, each with a verdict and the place that decides it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Citation, Notices
from embeddings.text.article import Span


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckedSentence(_Value):
    """A sentence of the text that was checked; all offsets are into that text, in code points."""

    text: Annotated[str, Field(description="Exactly `text[start:end]` of the request.")]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    verdict: Annotated[
        Literal["verbatim", "supported", "contradicted", "not_found"],
        Field(
            description="`verbatim`: an article has this sentence. `supported`: one cited place supports it. "
            "`contradicted`: the cited place says otherwise. `not_found`: no place says it."
        ),
    ]
    score: Annotated[float, Field(ge=0, le=1, description="The verdict's score; 0 for `not_found`.")]
    citations: Annotated[tuple[str, ...], Field(description="The id of the citation that decides; none if not found.")]
    unsupported: Annotated[tuple[Span, ...], Field(description="The words that the nearest place does not support.")]


class CheckReply(_Value):
    """Every sentence of a text in order, and the citations that they refer to, each once."""

    sentences: tuple[CheckedSentence, ...]
    citations: tuple[Citation, ...]
    notices: Notices = ()

    @property
    def holds(self) -> bool:
        """True if every sentence is verbatim or supported."""
        return all(sentence.verdict in {"verbatim", "supported"} for sentence in self.sentences)
