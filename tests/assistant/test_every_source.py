"""Every kind of document, through the whole assistant: its citation opens at the characters that say it."""

from collections.abc import Iterator

import pytest

from assistant import Assistant, Filters, Settings
from assistant.sources import read_bytes
from tests.documents import COST, DOCUMENTS


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("documents")
    with Assistant.open(settings=Settings(library=folder / "library")) as assistant:
        yield assistant


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_citation_opens_at_the_characters_that_say_it(assistant: Assistant, name: str) -> None:
    article_id = assistant.add_article(read_bytes(DOCUMENTS[name](), name=name, max_bytes=1_000_000)).article_id
    only = Filters(article_ids=(str(article_id),))
    answer = assistant.ask("How much did the bridge over the river cost?", filters=only)
    citation = answer.citations[0]
    assert citation.quote == COST
    assert assistant.get(citation.article_id).text[citation.start : citation.end] == COST
    assert citation.link.endswith(f"/read/{citation.article_id}#c={citation.start}-{citation.end}")
    assert (citation.page, citation.boxes is None) == ((1, False) if name.endswith(".pdf") else (None, True))
