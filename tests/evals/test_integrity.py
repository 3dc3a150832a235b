import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Sentence
from embeddings.text.article import Article, Span
from evals.integrity import all_faults, quoted_texts

ARTICLE = Article.create("🏰 The gate is red. It closes at nine.", title="Gate")
READ = {ARTICLE.id: ARTICLE}.__getitem__
GOOD = Span(start=2, end=18)


def citation(span: Span = GOOD, **changed: object) -> Citation:
    utf16 = span.utf16(ARTICLE.text)
    fields: dict[str, object] = {
        "id": "c",
        "article_id": ARTICLE.id,
        "revision": ARTICLE.revision,
        "title": "Gate",
        "url": None,
        "source": None,
        "published": None,
        "paragraph": 1,
        "start": span.start,
        "end": span.end,
        "start_utf16": utf16.start,
        "end_utf16": utf16.end,
        "link": f"http://x/read/{ARTICLE.id}#c={span.start}-{span.end}",
        "source_link": None,
        "quote": span.cut(ARTICLE.text),
        "verdict": "verbatim",
        "score": 1.0,
    }
    return Citation.model_validate(fields | changed)


def answer(cited: Citation, text: str | None = None, **changed: object) -> Answer:
    text = cited.quote if text is None else text
    fields: dict[str, object] = {
        "id": "a",
        "question": "?",
        "standalone_question": "?",
        "mode": "extractive",
        "answer": text,
        "short_answer": None,
        "abstained": False,
        "reason": None,
        "confidence": 0.5,
        "dropped_sentences": 0,
        "notices": (),
        "sentences": (Sentence(text=text, start=0, end=len(text), citations=(cited.id,)),),
        "citations": (cited,),
        "passages": (),
        "timings_ms": {},
    }
    return Answer.model_validate(fields | changed)


def test_a_valid_answer_has_no_fault() -> None:
    assert all_faults(answer(citation()), READ) == []


@given(st.integers(0, 36), st.integers(1, 36))
def test_every_span_but_one_between_words_is_a_fault(start: int, length: int) -> None:
    span = Span(start=start, end=min(start + length, len(ARTICLE.text)))
    inside = any(
        0 < edge < len(ARTICLE.text) and ARTICLE.text[edge - 1].isalnum() and ARTICLE.text[edge].isalnum()
        for edge in (span.start, span.end)
    )
    assert bool(all_faults(answer(citation(span)), READ)) == inside


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (answer(citation(start=3, end=19)), "does not equal its characters"),
        (answer(citation(quote="The gate is blue.")), "does not equal its characters"),
        (answer(citation(start_utf16=2)), "miscounts UTF-16"),
        (answer(citation(revision="old")), "names another revision"),
        (answer(citation(link="http://x/read/y")), "links to other characters"),
        (answer(citation(article_id="nowhere")), "names an article that is not there"),
        (answer(citation(end=99, quote="x")), "is empty or outside the text"),
        (answer(citation(), "Something else."), "a verbatim sentence is not its quote"),
        (answer(citation(), citations=()), "has no citation, or one that is not there"),
        (answer(citation(), answer="Another text."), "not its sentences joined by a space"),
        (answer(citation(), abstained=True), "do not go together"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_each_violation_is_a_fault(broken: Answer, fault: str) -> None:
    assert any(fault in found for found in all_faults(broken, READ))


def test_forbidden_text_is_found_in_every_part_of_an_answer() -> None:
    assert quoted_texts(answer(citation()), ["gate is red", "blue"]) == ["gate is red"]
    assert quoted_texts(answer(citation(), short_answer="blue"), ["blue"]) == ["blue"]
