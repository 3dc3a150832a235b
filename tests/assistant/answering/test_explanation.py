from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.answering.explanation import explain_search
from assistant.request import SearchRequest
from embeddings.library import Library
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

KERRY = "When did Kerry last speak to Lavrov?"
HOMS = "How many civilians were killed in Homs?"


def explained(assistant: Assistant, question: str) -> Any:
    return assistant.ask(question, explain=True).explain


def explained_search(assistant: Assistant, request: SearchRequest) -> Any:
    return assistant.run_search(request).explain


def test_each_passage_is_explained_by_its_ranks_scores_and_words(assistant: Assistant) -> None:
    answer = assistant.ask(KERRY, explain=True)
    passages = explained(assistant, KERRY)["passages"]
    assert [one["id"] for one in passages] == [one.id for one in answer.passages]
    first = passages[0]
    assert first["ranks"] == answer.passages[0].ranks
    assert first["bm25_words"] == ["Kerry", "last", "Lavrov"]  # it says "spoke"
    assert [one["ranks"]["reader"] for one in passages] == list(range(1, len(passages) + 1))
    assert first["bm25"] > min(one["bm25"] for one in passages)
    assert -1 <= first["cosine"] <= 1


def test_an_answer_is_explained_by_its_confidence_and_threshold(assistant: Assistant) -> None:
    explain = explained(assistant, KERRY)
    assert explain["confidence"] >= explain["threshold"]
    assert explain["signals"]["coverage"] > 0


def test_an_abstention_is_explained_by_its_confidence_and_missing_words(assistant: Assistant) -> None:
    explain = explained(assistant, HOMS)
    assert explain["confidence"] < explain["threshold"]
    assert {"civilians", "Homs"} <= set(explain["words_nowhere"])


def test_a_search_is_explained_only_on_request(assistant: Assistant) -> None:
    plain = assistant.run_search(SearchRequest(query="Zakharova"))
    assert plain.explain is None
    assert "explain" not in plain.model_dump_json()
    asked = explained_search(assistant, SearchRequest(query="Zakharova unicorn", explain=True))
    assert asked["words_nowhere"] == ["unicorn"]


def test_words_match_by_the_stems_of_an_articles_language(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", HashedWords()) as library:
        list(library.add([Article.create("Bei den Häusern.", language="de"), Article.create("Two houses.")]))
        explain: Any = explain_search("Haus house tree", library.search("Haus house tree"), None)
    assert sorted(one["bm25_words"] for one in explain["passages"]) == [["Haus"], ["house"]]
    assert explain["words_nowhere"] == ["tree"]


def test_an_explanation_has_the_filters(assistant: Assistant) -> None:
    request = SearchRequest.read(query="talks", filters={"sources": ["Reuters"]}, explain=True)
    assert explained_search(assistant, request)["filters"] == {"sources": ["Reuters"]}
