from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.folding import FoldedText, FoldedTextCache, fold_character
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article

ARTICLE = Article.create("Kerry spoke to Lavrov.", path="a")


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\u200b½ﷺ한éß"))))
def test_a_text_is_folded_like_its_characters(text: str) -> None:
    letters = [(letter, offset) for offset, character in enumerate(text) for letter in fold_character(character)]
    folded = FoldedText(text)

    assert folded.folded == "".join(letter for letter, _ in letters)
    assert [folded.text_span(i, i + 1)[0] for i in range(len(letters))] == [offset for _, offset in letters]
    assert [folded.folded_index(offset) for offset in range(len(text) + 1)] == [
        sum(at < offset for _, at in letters) for offset in range(len(text) + 1)
    ]


def test_a_text_of_several_blocks_is_folded_whole() -> None:
    text = "É ½ a\n" * 40_000
    assert FoldedText(text).folded == "e1\u20442a" * 40_000


def test_a_text_is_read_and_folded_once() -> None:
    texts, read = FoldedTextCache(), list[str]()

    def read_article(article_id: str) -> Article:
        read.append(article_id)
        return ARTICLE

    assert texts.get(ARTICLE.entry, read_article) is texts.get(ARTICLE.entry, read_article)
    assert read == [ARTICLE.id]


def test_there_is_no_folded_text_of_an_article_that_was_replaced_or_removed() -> None:
    def gone(article_id: str) -> Article:
        raise ArticleNotFound(article_id)

    assert FoldedTextCache().get(ARTICLE.entry, gone) is None
    assert FoldedTextCache().get(ARTICLE.entry, lambda _: Article.create("Another.", path="a")) is None


def test_only_the_last_large_texts_are_cached() -> None:
    texts = FoldedTextCache()
    articles = [Article.create(f"{number} " * 2_000_000, path=str(number)) for number in range(3)]
    kept = [texts.get(article.entry, lambda _, article=article: article) for article in articles]  # type: ignore[misc]

    assert texts.get(articles[2].entry, lambda _: articles[2]) is kept[2]
    assert texts.get(articles[0].entry, lambda _: articles[0]) is not kept[0]


def test_a_text_larger_than_the_cache_is_cached_alone() -> None:
    texts = FoldedTextCache()
    small, large = ARTICLE, Article.create("word " * 2_000_000, path="b")
    before = texts.get(small.entry, lambda _: small)
    kept = texts.get(large.entry, lambda _: large)

    assert texts.get(large.entry, lambda _: large) is kept
    assert texts.get(small.entry, lambda _: small) is not before
