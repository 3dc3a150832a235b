import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant import Answer, Assistant, Filters, Settings
from assistant.request import Message
from assistant.sources import read_text
from embeddings.encoder import Encoder
from embeddings.errors import ArticleNotFound, InvalidInput, LibraryMismatch, UnknownFilterValue
from embeddings.fingerprint import Kind
from embeddings.ingest import chunk_article, encode_passages
from embeddings.library import Library
from embeddings.outcome import store_article
from embeddings.priority_lock import MODEL_LOCK
from tests.hashed_words import HashedWords
from tests.serving import SEED

KERRY = "When did Kerry last speak to Lavrov?"


def test_an_answer_cites_the_exact_characters_that_support_it(assistant: Assistant) -> None:
    answer = assistant.ask(KERRY)
    assert not answer.abstained
    assert "on Saturday" in (answer.answer or "")
    for citation in answer.citations:
        text = assistant.get(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.source == "Reuters"
    cited = {citation.id for citation in answer.citations}
    assert all(set(sentence.citations) <= cited for sentence in answer.sentences)


@pytest.mark.parametrize("question", ["What is the capital of Peru?", "How many civilians were killed in Homs?"])
def test_a_question_that_the_articles_do_not_answer_is_abstained_from(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.abstained
    assert (answer.answer, answer.short_answer, answer.sentences, answer.citations) == (None, None, (), ())
    assert answer.reason in {"no_relevant_passage", "not_answered_by_passages"}
    assert answer.passages, "what was nearest is shown all the same"


def test_the_answer_is_its_sentences_joined_by_one_space(assistant: Assistant) -> None:
    answer = assistant.ask("What did the US accuse Moscow of?")
    assert answer.answer == " ".join(sentence.text for sentence in answer.sentences)
    assert [answer.answer[one.start : one.end] for one in answer.sentences] == [one.text for one in answer.sentences]


def test_an_answer_survives_json(assistant: Assistant) -> None:
    answer = assistant.ask(KERRY, explain=True)
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    assert json.loads(answer.model_dump_json())["citations"][0]["quote"] == answer.citations[0].quote


def test_an_answer_is_cached_until_the_library_changes(tmp_path: Path, encoder: Encoder) -> None:
    with Assistant(Library.open(tmp_path, encoder), Settings()) as assistant:
        assistant.add_article(read_text("Kerry spoke to Lavrov on Saturday."))
        first, again = assistant.ask(KERRY), assistant.ask(f"  {KERRY} ")
        assert {**again.timings_ms, "total": 0.0} == {**first.timings_ms, "total": 0.0}
        assert {*first.timings_ms} == {"rewrite", "search", "read", "answer", "check", "link", "total"}
        assert again.id == first.id
        assistant.add_article(read_text("Kerry spoke to Lavrov on Sunday."))
        assert assistant.ask(KERRY).id != first.id
        assert len(assistant.ask(KERRY).passages) == 2


def test_an_answer_from_a_stale_index_is_not_cached(tmp_path: Path, encoder: Encoder) -> None:
    with Assistant(Library.open(tmp_path, encoder), Settings()) as assistant:
        library = assistant.library
        with library._writing(0):  # at its end the words follow what is in
            chunked = chunk_article(read_text("Kerry spoke to Lavrov on Saturday."), encoder)
            (passages,) = encode_passages([chunked], encoder, library._database)
            store_article(chunked, passages, library._database, runtime=library.encoder.runtime)
            assert [one.ranks["bm25"] for one in assistant.ask(KERRY).passages] == [None]
        assert [one.ranks["bm25"] for one in assistant.ask(KERRY).passages] == [1]


class Observed(HashedWords):
    """Keeps, for each time that it encodes for somebody who waits, whether an import would wait until that is done."""

    def __init__(self) -> None:
        super().__init__()
        self.went_first = list[bool]()

    def encode(self, texts: Sequence[str], kind: Kind, *, background: bool = False) -> NDArray[np.float32]:
        if not background:
            self.went_first.append(MODEL_LOCK.foreground_active > 0)
        return super().encode(texts, kind, background=background)


def test_an_import_waits_while_a_question_uses_the_models(tmp_path: Path) -> None:
    encoder = Observed()
    with Assistant(Library.open(tmp_path, encoder), Settings()) as assistant:
        assistant.add_article(read_text("Kerry spoke to Lavrov on Saturday."))
        assert encoder.went_first == [], "adding is work in the background"
        assistant.ask(KERRY)
    assert encoder.went_first
    assert all(encoder.went_first)
    assert MODEL_LOCK.foreground_active == 0


def test_filters_apply_to_questions_and_searches(assistant: Assistant) -> None:
    later = Filters.model_validate({"published_after": "2020-01-01"})
    assert assistant.search("Kerry Lavrov", filters=later) == []
    assert assistant.ask(KERRY, filters=later).reason == "no_relevant_passage"
    with pytest.raises(UnknownFilterValue, match="Reuters"):
        assistant.ask(KERRY, filters=Filters(sources=("Nobody",)))
    assert assistant.search("Kerry Lavrov", filters=Filters(sources=("Reuters",)))


def test_days_of_publication_that_a_question_asks_for_are_a_filter_only_where_articles_have_them(
    tmp_path: Path,
) -> None:
    texts = {
        date(2015, 3, 2): "The bridge cost 40 million euros.",
        date(2016, 3, 2): "The bridge cost 55 million euros.",
    }
    with Assistant.open(tmp_path, settings=Settings(library=tmp_path)) as assistant:
        for day, text in texts.items():
            assistant.add_article(read_text(text, title=f"The bridge, {day.year}", published=day))
        asked = "What do articles from 2015 say that the bridge cost?"
        answer = assistant.ask(asked)
        assert answer.question == asked
        assert {passage.published for passage in answer.passages} == {date(2015, 3, 2)}
        assert answer.answer == texts[date(2015, 3, 2)]
        assert answer.notices[0].startswith(
            "Only articles published on or after 2015-01-01 and on or before 2015-12-31"
        )
        for question in ("What did the bridge cost in 2015?", "What do articles from 1999 say that the bridge cost?"):
            assert len(assistant.ask(question).passages) == 2
        assert "No article was published" in assistant.ask("What do articles from 1999 say that it cost?").notices[0]
        chosen = Filters(published_after=date(2016, 1, 1))
        assert [one.published for one in assistant.ask(asked, filters=chosen).passages] == [date(2016, 3, 2)]


def test_a_passage_is_its_own_citation_and_has_its_ranks(assistant: Assistant) -> None:
    best, *_ = assistant.search("Kerry Lavrov", top_k=3)
    assert assistant.get(best.article_id).text[best.start : best.end] == best.text
    assert best.ranks["bm25"] == 1
    assert set(best.ranks) == {"dense", "bm25", "fused"}


def test_an_unavailable_mode_is_reported_in_a_notice(assistant: Assistant) -> None:
    answer = assistant.ask(KERRY, mode="generative")
    assert answer.mode == "extractive"
    assert any("language model" in notice for notice in answer.notices)


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": " "},
        {"question": "x" * 2001},
        {"top_k": 0},
        {"top_k": 51},
        {"mode": "guess"},
        {"question": "\ud800"},
    ],
    ids=str,
)
def test_a_value_out_of_bounds_is_a_clear_error(assistant: Assistant, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        assistant.ask(**({"question": KERRY} | wrong))
    assert caught.value.expected
    assert caught.value.hint


def test_a_folder_is_added_file_by_file_with_reasons_for_skipped_files(tmp_path: Path, encoder: Encoder) -> None:
    shelf = tmp_path / "articles"
    shelf.mkdir()
    (shelf / "good.txt").write_text("Kerry spoke to Lavrov on Saturday.", encoding="utf-8")
    (shelf / "empty.txt").write_bytes(b"")
    (shelf / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (shelf / "table.xlsx").write_bytes(b"PK\x03\x04")
    with Assistant(Library.open(tmp_path / "library", encoder), Settings()) as assistant:
        outcomes = {Path(one.path or "").name: one for one in assistant.add(shelf)}
        assert {name: one.status for name, one in outcomes.items()} == {
            "good.txt": "added",
            "empty.txt": "skipped",
            "picture.txt": "skipped",
            "table.xlsx": "skipped",
        }
        assert all(one.reason for name, one in outcomes.items() if name != "good.txt")
        assert [one.status for one in assistant.add(shelf / "good.txt")] == ["unchanged"]


def test_an_edited_file_replaces_its_article_and_a_removed_one_is_gone(tmp_path: Path, encoder: Encoder) -> None:
    file = tmp_path / "talks.txt"
    file.write_text("Kerry spoke on Saturday.", encoding="utf-8")
    with Assistant(Library.open(tmp_path / "library", encoder), Settings()) as assistant:
        (added,) = assistant.add(file)
        file.write_text("Kerry spoke on Sunday.", encoding="utf-8")
        (replaced,) = assistant.add(file)
        assert (replaced.status, replaced.article_id) == ("replaced", added.article_id)
        assert [one.text for one in assistant.search("Kerry")] == ["Kerry spoke on Sunday."]
        assistant.remove(added.article_id or "")
        assert assistant.search("Kerry") == []
        with pytest.raises(ArticleNotFound):
            assistant.get(added.article_id or "")


def test_a_library_of_another_model_is_refused_with_the_command_that_mends_it(tmp_path: Path, encoder: Encoder) -> None:
    Library.open(tmp_path, encoder).close()
    with pytest.raises(LibraryMismatch, match="assistant reembed"):
        Assistant.open(tmp_path)


def test_the_seed_header_is_never_part_of_what_is_searched(assistant: Assistant) -> None:
    header = SEED.read_text(encoding="utf-8").splitlines()[:4]
    everything = [passage.text for passage in assistant.search("Reuters news 130 syria talks", top_k=50)]
    assert everything
    assert not any(header[0] in text or text.startswith(("130", "13\n", "Reuters")) for text in everything)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    library = Library.open(tmp_path_factory.mktemp("mixed"), HashedWords())
    with Assistant(library, Settings(max_risk=1.0)) as assistant:
        yield assistant


VISIBLE = st.characters(exclude_categories=["Cs"])
AWKWARD = st.sampled_from(
    ["😀 ", "e\u0301", "שלום. ", "\r\n", "\r", "\f", "\x00", "\u2028", "\ufeff", "Dr. No. ", "\n\n"]
)


@settings(max_examples=30)
@given(pieces=st.lists(st.one_of(AWKWARD, st.text(VISIBLE, max_size=20)), min_size=1, max_size=30))
def test_every_span_of_an_answer_is_exact_for_any_text(mixed: Assistant, pieces: list[str]) -> None:
    article = read_text("Kerry spoke. " + "".join(pieces), url="https://example.org/any")
    mixed.add_article(article)
    answer = mixed.ask("Who spoke?", filters=Filters(article_ids=(article.id,)))
    assert mixed.get(article.id).text == article.text
    assert answer.passages
    for passage in answer.passages:
        assert article.text[passage.start : passage.end] == passage.text
    for citation in answer.citations:
        assert article.text[citation.start : citation.end] == citation.quote
    assert answer.dropped_sentences == 0


def test_passages_with_equal_scores_have_a_fixed_order(tmp_path: Path, encoder: Encoder) -> None:
    with Assistant(Library.open(tmp_path, encoder), Settings()) as assistant:
        for number in range(5):
            assistant.add_article(read_text("The same paragraph.", url=f"https://example.org/{number}"))
        found = [[one.id for one in assistant.search("something else", top_k=3)] for _ in range(2)]
        assert found[0] == found[1]
        assert np.unique(found[0]).size == 3


def test_a_follow_up_is_answered_like_its_standalone_question(assistant: Assistant) -> None:
    turns = [Message(role="user", content="Who is Maria Zakharova?"), Message(role="assistant", content="She speaks.")]
    answer = assistant.ask("What did she tell Russian media?", history=turns, explain=True)
    assert answer.question == "What did she tell Russian media?"
    assert answer.standalone_question == "What did Maria Zakharova tell Russian media?"
    assert "“she” as “Maria Zakharova”" in answer.notices[-1]
    assert answer.explain
    assert answer.explain["read_as"] == [{"words": "she", "as": "Maria Zakharova"}]
    assert answer.passages == assistant.ask(answer.standalone_question).passages


def test_a_question_after_another_conversation_is_another_question(assistant: Assistant) -> None:
    asked = [
        assistant.ask("What did he say?", history=[Message(role="user", content=f"Who is {name}?")])
        for name in ("John Kirby", "Sergei Lavrov")
    ]
    assert [answer.standalone_question for answer in asked] == [
        "What did John Kirby say?",
        "What did Sergei Lavrov say?",
    ]
    assert asked[0].id != asked[1].id
