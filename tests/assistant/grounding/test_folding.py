from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.folding import Folded, FoldedTexts, fold
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article

ARTICLE = Article.create("Kerry spoke to Lavrov.", path="a")


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\u200b½ﷺ한éß"))))
def test_a_text_is_folded_as_its_characters_are(text: str) -> None:
    letters = [(letter, offset) for offset, character in enumerate(text) for letter in fold(character)]
    folded = Folded(text)

    assert folded.letters == "".join(letter for letter, _ in letters)
    assert [folded.ends(i, i + 1)[0] for i in range(len(letters))] == [offset for _, offset in letters]
    assert [folded.at(offset) for offset in range(len(text) + 1)] == [
        sum(at < offset for _, at in letters) for offset in range(len(text) + 1)
    ]


def test_a_text_longer_than_a_block_is_folded_whole() -> None:
    text = "É ½ a\n" * 40_000
    assert Folded(text).letters == "e1\u20442a" * 40_000


def test_a_text_is_read_once_for_all_that_is_asked_of_it() -> None:
    texts, read = FoldedTexts(), list[str]()

    def shelf(article_id: str) -> Article:
        read.append(article_id)
        return ARTICLE

    assert texts.of(ARTICLE.entry, shelf) is texts.of(ARTICLE.entry, shelf)
    assert read == [ARTICLE.id]


def test_a_text_that_was_replaced_or_removed_is_not_taken_for_the_one_that_was_found() -> None:
    def gone(article_id: str) -> Article:
        raise ArticleNotFound(article_id)

    assert FoldedTexts().of(ARTICLE.entry, gone) is None
    assert FoldedTexts().of(ARTICLE.entry, lambda _: Article.create("Another.", path="a")) is None


def test_of_large_texts_only_the_last_are_kept() -> None:
    texts = FoldedTexts()
    articles = [Article.create(f"{number} " * 2_000_000, path=str(number)) for number in range(3)]
    kept = [texts.of(article.entry, lambda _, article=article: article) for article in articles]  # type: ignore[misc]

    assert texts.of(articles[2].entry, lambda _: articles[2]) is kept[2]
    assert texts.of(articles[0].entry, lambda _: articles[0]) is not kept[0]


def test_a_text_longer_than_all_that_are_kept_is_kept_alone() -> None:
    texts = FoldedTexts()
    small, large = ARTICLE, Article.create("word " * 2_000_000, path="b")
    before = texts.of(small.entry, lambda _: small)
    kept = texts.of(large.entry, lambda _: large)

    assert texts.of(large.entry, lambda _: large) is kept
    assert texts.of(small.entry, lambda _: small) is not before
