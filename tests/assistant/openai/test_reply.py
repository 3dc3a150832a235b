import hashlib

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Sentence
from assistant.openai.reply import reply

URL = "https://example.org/a"
VISIBLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)


def citation(quote: str, *, source_link: str | None = f"{URL}#:~:text=x") -> Citation:
    return Citation(
        id=hashlib.sha256(quote.encode()).hexdigest()[:16],
        article_id="a",
        revision="r",
        title="The talks",
        url=URL,
        source="Reuters",
        published=None,
        paragraph=4,
        start=0,
        end=len(quote),
        start_utf16=0,
        end_utf16=len(quote.encode("utf-16-le")) // 2,
        link="http://127.0.0.1:8000/read/a#c=0-1",
        source_link=source_link,
        quote=quote,
        verdict="verbatim",
        score=1.0,
    )


def answer_of(*cited: tuple[str, tuple[Citation, ...]]) -> Answer:
    sentences: list[Sentence] = []
    text = ""
    for words, proofs in cited:
        start = len(text) + bool(text)
        text = f"{text} {words}" if text else words
        ids = tuple(proof.id for proof in proofs)
        sentences.append(Sentence(text=words, start=start, end=len(text), citations=ids))
    return Answer(
        id="x",
        question="?",
        standalone_question="?",
        mode="extractive",
        answer=text or None,
        short_answer=None,
        abstained=not cited,
        reason=None if cited else "no_relevant_passage",
        confidence=0.9,
        dropped_sentences=0,
        notices=(),
        sentences=tuple(sentences),
        citations=tuple({proof.id: proof for _, proofs in cited for proof in proofs}.values()),
        passages=(),
        timings_ms={},
    )


def test_markers_follow_their_sentences_and_a_footnote_has_quote_place_and_link() -> None:
    one, two = citation("Kerry spoke."), citation("Lavrov\nlistened.", source_link=None)
    written = reply(answer_of(("Kerry spoke.", (one,)), ("Both were there.", (one, two))), footnotes=True)
    assert written.text == (
        "Kerry spoke. [1] Both were there. [1] [2]\n\n"
        "[1] “Kerry spoke.” The talks, Reuters, paragraph 4 <https://example.org/a#:~:text=x>\n\n"
        "[2] “Lavrov listened.” The talks, Reuters, paragraph 4 <http://127.0.0.1:8000/read/a#c=0-1>"
    )
    assert [one.url_citation.url for one in written.annotations] == [f"{URL}#:~:text=x"] * 2 + [two.link]


def test_offsets_are_code_points_after_an_emoji() -> None:
    one, two = citation("😀 Kerry spoke 👩‍👩‍👧."), citation("Lavrov listened.")
    written = reply(answer_of((one.quote, (one,)), (two.quote, (two,))), footnotes=True)
    last = written.annotations[-1].url_citation
    assert written.text[last.start_index : last.end_index] == "Lavrov listened."
    assert last.start_utf16 == last.start_index + 4
    assert [one.model_dump()["type"] for one in written.annotations] == ["url_citation"] * 2


def test_without_footnotes_the_reply_is_the_answer() -> None:
    one, two = citation("Kerry spoke."), citation("Lavrov listened.")
    answer = answer_of((one.quote, (one,)), (two.quote, (two,)))
    written = reply(answer, footnotes=False)
    assert written.text == answer.answer
    spans = [(one.url_citation.start_index, one.url_citation.end_index) for one in written.annotations]
    assert spans == [(sentence.start, sentence.end) for sentence in answer.sentences]


def test_an_abstention_says_that_the_articles_do_not_say_and_cites_nothing() -> None:
    written = reply(answer_of(), footnotes=True)
    assert written.text == "The articles do not say. No passage is about this."
    assert written.annotations == ()


@given(quotes=st.lists(VISIBLE, min_size=1, max_size=4), footnotes=st.booleans())
def test_every_annotation_is_on_the_characters_of_its_sentence(quotes: list[str], footnotes: bool) -> None:
    written = reply(answer_of(*((quote, (citation(quote),)) for quote in quotes)), footnotes=footnotes)
    assert written.text == "".join(written.parts)
    for quote, annotation in zip(quotes, written.annotations, strict=True):
        found = annotation.url_citation
        assert written.text[found.start_index : found.end_index] == quote
        units = written.text.encode("utf-16-le")[2 * found.start_utf16 : 2 * found.end_utf16]
        assert units.decode("utf-16-le") == quote
