import pytest

from assistant.verification import StoredCitation, Verification, verify
from embeddings.article import Article
from embeddings.errors import ArticleNotFound

QUOTE = "Secretary Kerry last spoke to Lavrov on Saturday, an official said."
TEXT = f"The talks have ended.\n\n{QUOTE} The rest of the story is about other things."
START = TEXT.index(QUOTE)
CITATION = StoredCitation(article_id="talks", start=START, end=START + len(QUOTE), quote=QUOTE)


def check(text: str) -> Verification:
    return verify(CITATION, lambda _: Article.create(text))


def test_a_quote_that_stands_where_it_stood_is_fresh() -> None:
    assert check(TEXT) == Verification(status="fresh", start=START, end=START + len(QUOTE))


@pytest.mark.parametrize(
    "text", [f"Updated. {TEXT}", f"{TEXT.replace(QUOTE, '')} {QUOTE}"], ids=["text before it", "moved to the end"]
)
def test_a_quote_that_stands_elsewhere_has_moved_there(text: str) -> None:
    found = check(text)
    assert found.status == "moved"
    assert text[found.start : found.end] == QUOTE


def test_of_several_places_the_nearest_is_named() -> None:
    text = f"{QUOTE} {'x' * START * 4} New. {TEXT} {QUOTE}"
    citation = CITATION.model_copy(update={"start": text.index(TEXT), "end": text.index(TEXT) + len(QUOTE)})
    found = verify(citation, lambda _: Article.create(text))
    assert (found.status, found.start) == ("moved", text.index(TEXT) + START)


def test_a_quote_that_differs_by_a_letter_has_changed() -> None:
    text = TEXT.replace("Saturday", "Saturdey")
    found = check(text)
    assert found.status == "changed"
    assert text[found.start : found.end] == QUOTE.replace("Saturday", "Saturdey")


@pytest.mark.parametrize("text", [TEXT.replace(QUOTE, ""), "Short."])
def test_a_quote_that_was_taken_out_is_deleted(text: str) -> None:
    assert check(text) == Verification(status="deleted", start=None, end=None)


def test_a_quote_of_an_article_that_is_gone_is_deleted() -> None:
    def gone(article_id: str) -> Article:
        raise ArticleNotFound(article_id)

    assert verify(CITATION, gone).status == "deleted"
