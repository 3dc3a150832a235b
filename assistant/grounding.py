"""Proof: a sentence leaves only with citations whose characters exist and carry it.

The check trusts nothing that the answerer says. It reads each article again from the library, so that an offset that
slipped, a quote that was changed, or an article that was edited or removed in the meantime drops the sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answer import Citation, Sentence
from assistant.draft import DraftSentence, Quote
from assistant.place import place
from embeddings.article import Article
from embeddings.errors import ArticleNotFound


@dataclass(frozen=True)
class Proved:
    """What may leave: the sentences joined by one space, their places in it, and each citation once."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    dropped: int


def prove(sentences: tuple[DraftSentence, ...], read: Callable[[str], Article], base_url: str) -> Proved:
    """Keep the sentences that their quotes carry; count the others.

    Args:
        sentences: what an answerer proposes, in order.
        read: gives the article of an id as the library holds it now, or raises ArticleNotFound.
        base_url: what links start with.
    """
    text = ""
    kept: list[Sentence] = []
    citations: dict[str, Citation] = {}
    for sentence in sentences:
        proofs = [citation for quote in sentence.quotes if (citation := _cite(sentence.text, quote, read, base_url))]
        if not proofs:
            continue
        start = len(text) + bool(text)
        text = f"{text} {sentence.text}" if text else sentence.text
        kept.append(
            Sentence(text=sentence.text, start=start, end=len(text), citations=tuple(proof.id for proof in proofs))
        )
        citations |= {proof.id: proof for proof in proofs}
    return Proved(text, tuple(kept), tuple(citations.values()), len(sentences) - len(kept))


def _cite(sentence: str, quote: Quote, read: Callable[[str], Article], base_url: str) -> Citation | None:
    try:
        article = read(quote.article_id)
    except ArticleNotFound:
        return None
    exact = article.revision == quote.revision and quote.text.strip() and quote.span.cut(article.text) == quote.text
    if not exact or sentence != quote.text:
        return None
    return Citation(**place(article, quote.span, base_url), quote=quote.text, verdict="verbatim", score=1.0)
