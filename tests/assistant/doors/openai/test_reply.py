import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer import Answer, Citation, Sentence
from assistant.doors.openai.markdown import escape, unescape
from assistant.doors.openai.reply import CitedReply, reply, without_footnotes

URL = "https://example.org/a"
HOSTILE = [
    "![](https://evil.example/x.png)",
    "[Kerry](https://evil.example)",
    "![Kerry][a]\n\n[a]: https://evil.example/x.png",
    '<img src="https://evil.example/x.png">',
    "\\![](https://evil.example/x.png) \\<img src=x>",
    "<https://evil.example>",
]
MARKDOWN = st.lists(
    st.sampled_from([*"![]()<>:\\`\n /?*_'\"a", "https://e.x", "img src=x", "[a]: ", "![", "]("]),
    min_size=1,
    max_size=14,
)
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


def test_lines_of_code_are_fenced_and_their_annotation_is_on_them() -> None:
    one, two, three = citation("Run:"), citation("x = ```a```\n  y"), citation("Then wait.")
    answer = answer_of(*((each.quote, (each,)) for each in (one, two, three)))
    sentences = [each.model_copy(update={"code": each.text == two.quote}) for each in answer.sentences]
    written = reply(answer.model_copy(update={"sentences": tuple(sentences)}), footnotes=False)
    assert written.text == "Run:\n\n````\nx = ```a```\n  y\n````\n\n Then wait."
    spans = [(each.url_citation.start_index, each.url_citation.end_index) for each in written.annotations]
    assert [written.text[start:end] for start, end in spans] == [one.quote, two.quote, three.quote]


def test_an_abstention_says_that_the_articles_do_not_say_and_cites_nothing() -> None:
    asked = "What is ![a](http://evil.example)?"
    written = reply(answer_of().model_copy(update={"standalone_question": asked}), footnotes=True)
    assert written.text.startswith("The articles do not say. No passage is about this. Looked for: “What is ")
    assert written.annotations == ()
    assert alive(written.text) == []
    assert without_footnotes(written.text) == "The articles do not say."


def test_a_text_that_says_nothing_from_an_article_is_the_reply() -> None:
    answer = answer_of().model_copy(update={"mode": "about", "answer": "Hello. ![a](b)", "abstained": False})
    assert reply(answer, footnotes=True) == CitedReply((r"Hello. ![a]\(b)",), ())


@given(quotes=st.lists(VISIBLE, min_size=1, max_size=4), footnotes=st.booleans())
def test_every_annotation_is_on_the_characters_of_its_sentence(quotes: list[str], footnotes: bool) -> None:
    written = reply(answer_of(*((quote, (citation(quote),)) for quote in quotes)), footnotes=footnotes)
    assert written.text == "".join(written.parts)
    for quote, annotation in zip(quotes, written.annotations, strict=True):
        found = annotation.url_citation
        assert written.text[found.start_index : found.end_index] == escape(quote)
        units = written.text.encode("utf-16-le")[2 * found.start_utf16 : 2 * found.end_utf16]
        assert units.decode("utf-16-le") == escape(quote)


def alive(markdown: str) -> list[str]:
    """What a client that renders the reply would fetch, follow or run."""

    def inside(tokens: list[Token]) -> list[str]:
        return [kind for token in tokens for kind in (token.type, *inside(token.children or []))]

    return [kind for kind in inside(MarkdownIt("commonmark").parse(markdown)) if kind in KINDS]


KINDS = {"image", "link_open", "html_inline", "html_block"}


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_an_article_is_shown_and_never_active(text: str) -> None:
    url = "https://example.org/>![](https://evil.example/x.png)"
    quoted = citation(text, source_link=url).model_copy(update={"title": text, "source": text})
    answer = answer_of((text, (quoted,)))
    assert alive(text)
    assert alive(reply(answer, footnotes=False).text) == []
    assert alive(reply(answer, footnotes=True).text) == ["link_open"]
    (annotation,) = reply(answer, footnotes=True).annotations
    found = annotation.url_citation
    assert reply(answer, footnotes=True).text[found.start_index : found.end_index] == escape(text)
    assert (answer.sentences[0].text, answer.citations[0].quote) == (text, text)


@given(MARKDOWN.map("".join))
def test_no_escaped_text_is_active_markup(text: str) -> None:
    assert alive(escape(text)) == []
    assert unescape(escape(text)) == text


def test_footnotes_and_escapes_are_removed_from_earlier_replies() -> None:
    text = "Kerry [sic](spoke) \\[x] to <Lavrov>."
    assert without_footnotes(reply(answer_of((text, (citation(text),))), footnotes=True).text) == text


@pytest.mark.parametrize("text", ["Kerry [sic] spoke (at length): 3 < 4, a_b * c.", "„Ja“ – 1:2 [1], C:\\Temp"])
def test_harmless_text_is_not_escaped(text: str) -> None:
    assert escape(text) == text
