from time import thread_time

import pytest

from assistant.grounding.verification import StoredCitation, Verification, verify
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article

QUOTE = "Secretary Kerry last spoke to Lavrov on Saturday, an official said."
TEXT = f"The talks have ended.\n\n{QUOTE} The rest of the story is about other things."
START = TEXT.index(QUOTE)
SENTENCES = [f"The council of town {number * number % 997} met {number} times in May." for number in range(400)]
CITATION = StoredCitation(article_id="talks", start=START, end=START + len(QUOTE), quote=QUOTE)


def check(text: str) -> Verification:
    return look(CITATION, text)


def look(citation: StoredCitation, text: str) -> Verification:
    (found,) = verify([citation], lambda _: Article.create(text))
    return found


def test_a_quote_at_its_offsets_is_fresh() -> None:
    assert check(TEXT) == Verification(status="fresh", start=START, end=START + len(QUOTE))


@pytest.mark.parametrize(
    "text", [f"Updated. {TEXT}", f"{TEXT.replace(QUOTE, '')} {QUOTE}"], ids=["text before it", "moved to the end"]
)
def test_a_quote_that_is_elsewhere_has_moved(text: str) -> None:
    found = check(text)
    assert found.status == "moved"
    assert text[found.start : found.end] == QUOTE


def test_the_nearest_of_several_occurrences_is_reported() -> None:
    text = f"{QUOTE} {'x' * START * 4} New. {TEXT} {QUOTE}"
    citation = CITATION.model_copy(update={"start": text.index(TEXT), "end": text.index(TEXT) + len(QUOTE)})
    found = look(citation, text)
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

    assert [found.status for found in verify([CITATION], gone)] == ["deleted"]


def test_an_edited_quote_is_found_wherever_it_moved() -> None:
    quote = " ".join(SENTENCES[100:120])
    edited = quote.replace("town 30", "city 30").replace("met 110 times", "did not meet").replace("119 times", "often")
    text = " ".join([*SENTENCES[:100], *SENTENCES[120:], edited])
    found = look(CITATION.model_copy(update={"start": 0, "end": len(quote), "quote": quote}), text)
    assert found.status == "changed"
    assert text[found.start : found.end] == edited


def test_a_short_edited_quote_is_found_near_its_old_place() -> None:
    text = "x " * 500 + "He came in May." + " x" * 500
    citation = StoredCitation(article_id="talks", start=990, end=1004, quote="He came in Mai.")
    found = look(citation, text)
    assert (found.status, text[found.start : found.end or 0]) == ("changed", "He came in May.")


def test_an_article_is_read_once() -> None:
    read: list[str] = []

    def article(article_id: str) -> Article:
        read.append(article_id)
        return Article.create(TEXT)

    other = CITATION.model_copy(update={"article_id": "other", "start": 0})
    found = verify([CITATION, other, CITATION, other], article)
    assert [one.status for one in found] == ["fresh", "moved", "fresh", "moved"]
    assert read == ["talks", "other"]


def test_a_cancelled_verification_ends_early() -> None:
    looks = iter([False, False, True, True, True])
    others = [CITATION.model_copy(update={"start": start}) for start in range(3)]
    assert len(verify(others, lambda _: Article.create(TEXT), lambda: next(looks))) == 1


@pytest.mark.parametrize("edit", [25, 2], ids=["edited", "gone"])
def test_a_quote_of_four_times_the_length_takes_far_less_than_cubic_time(edit: int) -> None:
    text = " ".join(SENTENCES)

    def seconds(length: int) -> float:
        quote = "".join("#" if place % edit == 0 else letter for place, letter in enumerate(text[5000 : 5000 + length]))
        citation = StoredCitation(article_id="talks", start=0, end=length, quote=quote)
        started = thread_time()
        assert look(citation, text).status == ("changed" if edit == 25 else "deleted")
        return thread_time() - started

    short, long = (min(seconds(length) for _ in range(3)) for length in (1000, 4000))
    assert long < 32 * short  # 16 is quadratic, 64 is cubic


@pytest.mark.parametrize("quote", ["a" * 200 + "b" + "a" * 200, "ab" * 100 + "c"], ids=["in the middle", "at the end"])
def test_an_article_of_four_times_the_length_takes_about_four_times_as_long(quote: str) -> None:
    citation = StoredCitation(article_id="talks", start=10**30, end=10**30, quote=quote)

    def seconds(length: int) -> float:
        article = Article.create("ab" * (length // 2) if "ab" * 9 in quote else "a" * length)
        started = thread_time()
        verify([citation], lambda _: article)
        return thread_time() - started

    short, long = (min(seconds(length) for _ in range(3)) for length in (250_000, 1_000_000))
    assert long < 8 * short
