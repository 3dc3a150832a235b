"""An article from a PDF document, through the whole assistant: page, boxes, links and the picture of the page."""

from collections.abc import Iterator

import pytest

from assistant import Assistant, PageNotFound, Settings
from assistant.answer import Answer
from tests.pdf_writer import paragraph, pdf

QUESTION = "How much did the bridge over the river cost?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("pdf")
    first = paragraph(50, 100, "The bridge over the river was opened on Wednesday by the old mayor.")
    second = paragraph(
        50, 200, "The bridge over the river cost 40 million euros, as the muni-", "cipality said on Thursday evening."
    )
    (folder / "bridge.pdf").write_bytes(pdf(first, second, properties={"Title": "On bridges", "Author": "Ada Beam"}))
    with Assistant.open(settings=Settings(library=folder / "library")) as assistant:
        assert [outcome.status for outcome in assistant.add(folder / "bridge.pdf")] == ["added"]
        yield assistant


def test_a_citation_has_the_page_and_the_boxes_of_its_quote(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    citation = answer.citations[0]
    assert citation.quote.startswith("The bridge over the river cost 40 million euros, as the municipality said")
    assert citation.page == 2
    assert [(box.page, round(box.x0), round(box.y1)) for box in citation.boxes or ()] == [(2, 50, 202), (2, 50, 214)]
    assert Answer.model_validate_json(answer.model_dump_json()) == answer


def test_a_passage_has_its_page_too(assistant: Assistant) -> None:
    (passage,) = assistant.search("Thursday evening", top_k=1)
    assert passage.page == 1  # where it begins
    assert {box.page for box in passage.boxes or ()} == {1, 2}


def test_the_page_of_a_citation_is_drawn(assistant: Assistant) -> None:
    citation = assistant.ask(QUESTION).citations[0]
    plain = assistant.page_image(citation.article_id, 2)
    marked = assistant.page_image(citation.article_id, 2, citation.start, citation.end)
    assert plain.startswith(b"\x89PNG")
    assert marked.startswith(b"\x89PNG")
    assert plain != marked


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_the_document_does_not_have_is_an_error(assistant: Assistant, page: int) -> None:
    (article,) = assistant.articles()[0]
    with pytest.raises(PageNotFound, match="from 1 to 2"):
        assistant.page_image(article.id, page)
