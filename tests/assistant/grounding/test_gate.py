from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.draft_answer import DraftSentence, Quote
from assistant.grounding.entailment import Checker
from assistant.grounding.gate import ArticleStore, Gate
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article, Excerpt, Span

TEXT = "Kerry spoke on Saturday. 😀 Lavrov did not.\n\nShe said “no” — twice."
ARTICLE = Article.create(TEXT, title="Talks", url="https://example.org/talks")
KERRY = Span(start=0, end=24)
LAVROV = Span(start=27, end=42)
BASE = "http://127.0.0.1:8000"


class FakeStore:
    """A library with these articles."""

    def __init__(self, *articles: Article) -> None:
        self._by_id = {article.id: article for article in articles}

    def get(self, article_id: str) -> Article:
        if article_id not in self._by_id:
            raise ArticleNotFound(article_id)
        return self._by_id[article_id]

    def excerpt(self, article_id: str, span: Span) -> Excerpt:
        return self.get(article_id).excerpt(span)


def admit(sentences: Iterable[DraftSentence], store: ArticleStore, base_url: str) -> Gate:
    """The gate after it was given every sentence."""
    gate = Gate(store, base_url, Checker.choose("small"))
    for sentence in sentences:
        list(gate.admit(sentence))
    return gate


def drafts(*spans: Span) -> tuple[DraftSentence, ...]:
    return tuple(DraftSentence(span.cut(TEXT), (Quote.cut(ARTICLE.excerpt(span), span),)) for span in spans)


def test_sentences_of_the_article_are_admitted_with_their_citations() -> None:
    gate = admit(drafts(KERRY, LAVROV), FakeStore(ARTICLE), BASE)
    assert gate.text == "Kerry spoke on Saturday. Lavrov did not."
    assert [gate.text[one.start : one.end] for one in gate.sentences] == [
        "Kerry spoke on Saturday.",
        "Lavrov did not.",
    ]
    assert [TEXT[one.start : one.end] for one in gate.citations] == [one.quote for one in gate.citations]
    assert {one.verdict for one in gate.citations} == {"verbatim"}
    assert len(gate.dropped) == 0


def test_a_place_that_is_the_sentence_before_word_for_word_is_not_cited_for_a_similar_one() -> None:
    article = Article.create("Talks ended on Saturday.\n\nThe talks ended on Saturday.", title="Talks")
    first, second = Span(start=0, end=24), Span(start=26, end=54)
    quotes = [Quote.cut(article.excerpt(span), span) for span in (first, second)]
    gate = admit([DraftSentence(one.text, (one, *quotes)) for one in quotes], FakeStore(article), BASE)
    by_id = {citation.id: citation for citation in gate.citations}
    for sentence in gate.sentences:
        cited = [by_id[id_] for id_ in sentence.citations]
        assert cited[0].quote == sentence.text or cited[0].verdict == "supported"
        assert all(one.quote == sentence.text for one in cited if one.verdict == "verbatim")


def test_a_sentence_in_other_words_than_a_verbatim_citation_says_that_it_is_only_supported() -> None:
    text = "Kerry last spoke to Lavrov on Saturday, a senior official said."
    article = Article.create(text, title="Talks")
    quote = Quote.cut(article.excerpt(Span(start=0, end=len(text))), Span(start=0, end=len(text)))
    said = [text, "Kerry last spoke to Lavrov on Saturday, a senior official said!"]
    gate = admit([DraftSentence(one, (quote,)) for one in said], FakeStore(article), BASE)
    assert [citation.verdict for citation in gate.citations] == ["verbatim"]
    assert [sentence.verdict for sentence in gate.sentences] == [None, "supported"]
    assert "verdict" not in gate.sentences[0].model_dump(mode="json")


def test_a_sentence_whose_quote_is_off_by_one_character_is_dropped() -> None:
    slipped = Quote(ARTICLE.id, ARTICLE.revision, Span(start=1, end=25), KERRY.cut(TEXT))
    gate = admit((DraftSentence(KERRY.cut(TEXT), (slipped,)), *drafts(LAVROV)), FakeStore(ARTICLE), BASE)
    assert (gate.text, len(gate.dropped)) == ("Lavrov did not.", 1)


def test_a_sentence_that_says_more_than_its_quote_is_dropped() -> None:
    more = DraftSentence("Kerry spoke on Saturday in Geneva.", (Quote.cut(ARTICLE.excerpt(KERRY), KERRY),))
    assert admit((more,), FakeStore(ARTICLE), BASE).sentences == ()


def test_a_sentence_without_quotes_is_dropped() -> None:
    assert admit((DraftSentence("Kerry spoke on Saturday.", ()),), FakeStore(ARTICLE), BASE).dropped == [
        "Kerry spoke on Saturday."
    ]


def test_an_article_that_was_edited_since_it_was_read_supports_nothing() -> None:
    edited = Article.create(TEXT.replace("twice", "once"), title="Talks", url=ARTICLE.url)
    assert edited.id == ARTICLE.id
    assert admit(drafts(KERRY), FakeStore(edited), BASE).sentences == ()


def test_an_article_that_was_removed_supports_nothing() -> None:
    assert admit(drafts(KERRY), FakeStore(), BASE).sentences == ()


def test_a_sentence_that_occurs_in_two_places_cites_both() -> None:
    twin = Article.create(TEXT, title="Copy", url="https://example.org/copy")
    both = DraftSentence(
        KERRY.cut(TEXT), (Quote.cut(ARTICLE.excerpt(KERRY), KERRY), Quote.cut(twin.excerpt(KERRY), KERRY))
    )
    (sentence,) = admit((both,), FakeStore(ARTICLE, twin), BASE).sentences
    assert len(set(sentence.citations)) == 2


def test_a_citation_has_its_offsets_in_code_points_and_utf16() -> None:
    (citation,) = admit(drafts(LAVROV), FakeStore(ARTICLE), BASE).citations
    assert (citation.start, citation.end, citation.paragraph) == (27, 42, 1)
    assert (citation.start_utf16, citation.end_utf16) == (28, 43)
    assert TEXT.encode("utf-16-le")[56:86].decode("utf-16-le") == citation.quote
    assert citation.link == f"{BASE}/read/{ARTICLE.id}#c=27-42"


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), data=st.data())
def test_every_quote_equals_the_characters_that_it_cites(text: str, data: st.DataObject) -> None:
    assume(any(character.isalnum() for character in text))
    article = Article.create(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(article.text)), min_size=2, max_size=6)))
    spans = [Span(start=a, end=b) for a, b in pairwise(cuts)]
    draft = tuple(DraftSentence(span.cut(article.text), (Quote.cut(article.excerpt(span), span),)) for span in spans)
    gate = admit(draft, FakeStore(article), BASE)
    for citation in gate.citations:
        assert article.text[citation.start : citation.end] == citation.quote
        utf16 = article.text.encode("utf-16-le")[2 * citation.start_utf16 : 2 * citation.end_utf16]
        assert utf16.decode("utf-16-le") == citation.quote
    assert gate.text == " ".join(sentence.text for sentence in gate.sentences)
    assert [gate.text[s.start : s.end] for s in gate.sentences] == [s.text for s in gate.sentences]
    assert len(gate.dropped) == sum(not span.cut(article.text).strip() for span in spans)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://news.example/articles"])
def test_citation_ids_do_not_depend_on_the_base_url(base: str) -> None:
    (citation,) = admit(drafts(KERRY), FakeStore(ARTICLE), base).citations
    (elsewhere,) = admit(drafts(KERRY), FakeStore(ARTICLE), "http://localhost:1").citations
    assert citation.id == elsewhere.id
    assert citation.link.startswith(base)
