from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.draft_answer import DraftSentence, Quote
from assistant.grounding.gate import Gate, Shelf
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article, Excerpt, Span

TEXT = "Kerry spoke on Saturday. 😀 Lavrov did not.\n\nShe said “no” — twice."
ARTICLE = Article.create(TEXT, title="Talks", url="https://example.org/talks")
KERRY = Span(start=0, end=24)
LAVROV = Span(start=27, end=42)
BASE = "http://127.0.0.1:8000"


class Holding:
    """What a library holds now."""

    def __init__(self, *articles: Article) -> None:
        self._by_id = {article.id: article for article in articles}

    def get(self, article_id: str) -> Article:
        if article_id not in self._by_id:
            raise ArticleNotFound(article_id)
        return self._by_id[article_id]

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        return self.get(article_id).excerpt(span)


def prove(sentences: Iterable[DraftSentence], shelf: Shelf, base_url: str) -> Gate:
    """Everything admitted that its quotes carry."""
    proof = Gate(shelf, base_url)
    for sentence in sentences:
        list(proof.admit(sentence))
    return proof


def said(*spans: Span) -> tuple[DraftSentence, ...]:
    return tuple(DraftSentence(span.cut(TEXT), (Quote.cut(ARTICLE.excerpt(span), span),)) for span in spans)


def test_sentences_that_stand_in_the_article_leave_with_their_citations() -> None:
    proved = prove(said(KERRY, LAVROV), Holding(ARTICLE), BASE)
    assert proved.text == "Kerry spoke on Saturday. Lavrov did not."
    assert [proved.text[one.start : one.end] for one in proved.sentences] == [
        "Kerry spoke on Saturday.",
        "Lavrov did not.",
    ]
    assert [TEXT[one.start : one.end] for one in proved.citations] == [one.quote for one in proved.citations]
    assert {one.verdict for one in proved.citations} == {"verbatim"}
    assert proved.dropped == 0


def test_a_quote_that_slipped_by_one_character_is_dropped_and_counted() -> None:
    slipped = Quote(ARTICLE.id, ARTICLE.revision, Span(start=1, end=25), KERRY.cut(TEXT))
    proved = prove((DraftSentence(KERRY.cut(TEXT), (slipped,)), *said(LAVROV)), Holding(ARTICLE), BASE)
    assert (proved.text, proved.dropped) == ("Lavrov did not.", 1)


def test_a_sentence_that_says_more_than_its_quote_is_dropped() -> None:
    more = DraftSentence("Kerry spoke on Saturday in Geneva.", (Quote.cut(ARTICLE.excerpt(KERRY), KERRY),))
    assert prove((more,), Holding(ARTICLE), BASE).sentences == ()


def test_a_sentence_without_quotes_is_dropped() -> None:
    assert prove((DraftSentence("Kerry spoke on Saturday.", ()),), Holding(ARTICLE), BASE).dropped == 1


def test_an_article_that_was_edited_since_it_was_read_carries_nothing() -> None:
    edited = Article.create(TEXT.replace("twice", "once"), title="Talks", url=ARTICLE.url)
    assert edited.id == ARTICLE.id
    assert prove(said(KERRY), Holding(edited), BASE).sentences == ()


def test_an_article_that_was_removed_carries_nothing() -> None:
    assert prove(said(KERRY), Holding(), BASE).sentences == ()


def test_a_sentence_that_stands_in_two_places_cites_both() -> None:
    twin = Article.create(TEXT, title="Copy", url="https://example.org/copy")
    both = DraftSentence(
        KERRY.cut(TEXT), (Quote.cut(ARTICLE.excerpt(KERRY), KERRY), Quote.cut(twin.excerpt(KERRY), KERRY))
    )
    (sentence,) = prove((both,), Holding(ARTICLE, twin), BASE).sentences
    assert len(set(sentence.citations)) == 2


def test_a_citation_says_where_it_is_in_every_unit() -> None:
    (citation,) = prove(said(LAVROV), Holding(ARTICLE), BASE).citations
    assert (citation.start, citation.end, citation.paragraph) == (27, 42, 1)
    assert (citation.start_utf16, citation.end_utf16) == (28, 43)
    assert TEXT.encode("utf-16-le")[56:86].decode("utf-16-le") == citation.quote
    assert citation.link == f"{BASE}/read/{ARTICLE.id}#c=27-42"


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), data=st.data())
def test_whatever_leaves_equals_the_characters_that_it_cites(text: str, data: st.DataObject) -> None:
    assume(any(character.isalnum() for character in text))
    article = Article.create(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(article.text)), min_size=2, max_size=6)))
    spans = [Span(start=a, end=b) for a, b in pairwise(cuts)]
    draft = tuple(DraftSentence(span.cut(article.text), (Quote.cut(article.excerpt(span), span),)) for span in spans)
    proved = prove(draft, Holding(article), BASE)
    for citation in proved.citations:
        assert article.text[citation.start : citation.end] == citation.quote
        utf16 = article.text.encode("utf-16-le")[2 * citation.start_utf16 : 2 * citation.end_utf16]
        assert utf16.decode("utf-16-le") == citation.quote
    assert proved.text == " ".join(sentence.text for sentence in proved.sentences)
    assert [proved.text[s.start : s.end] for s in proved.sentences] == [s.text for s in proved.sentences]
    assert proved.dropped == sum(not span.cut(article.text).strip() for span in spans)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://news.example/articles"])
def test_ids_do_not_depend_on_where_the_server_is(base: str) -> None:
    (citation,) = prove(said(KERRY), Holding(ARTICLE), base).citations
    (elsewhere,) = prove(said(KERRY), Holding(ARTICLE), "http://localhost:1").citations
    assert citation.id == elsewhere.id
    assert citation.link.startswith(base)
