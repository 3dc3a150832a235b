"""Checks of every answer against the articles' texts, independent of the assistant's own checks."""

from collections.abc import Callable, Iterable

from assistant.answer import Answer, Citation, Location, Passage
from embeddings.errors import ArticleNotFound
from embeddings.text.article import Article


def place_faults(place: Citation | Passage, article: Article) -> list[str]:
    """Return what is wrong with a citation or a passage of an article."""
    text = article.text
    quote = place.quote if isinstance(place, Citation) else place.text
    cut = text[place.start : place.end]
    before, through = text[: place.start], text[: place.end]
    checks = {
        "names another article": place.article_id != article.id,
        "names another revision": place.revision != article.revision,
        "is empty or outside the text": not 0 <= place.start < place.end <= len(text),
        "does not equal its characters": cut != quote,
        "miscounts UTF-16": (place.start_utf16, place.end_utf16) != (_utf16(before), _utf16(through)),
        "links to other characters": not place.link.endswith(f"/read/{article.id}#c={place.start}-{place.end}"),
    }
    return [f"a {type(place).__name__.lower()} {fault}" for fault, is_so in checks.items() if is_so]


def cut_faults(citation: Location, article: Article) -> list[str]:
    """Return a fault if a citation starts or ends inside a word, as shifted offsets do even if they are consistent."""
    edges = (citation.start, citation.end)
    if any(_inside_word(article.text, edge) for edge in edges):
        return ["a citation starts or ends inside a word"]
    return []


def answer_faults(answer: Answer) -> list[str]:
    """Return what is wrong with an answer's own structure: its sentences, their offsets and their citations."""
    by_id = {citation.id: citation for citation in answer.citations}
    text = answer.answer or ""
    faults = []
    if answer.abstained != (answer.answer is None) or answer.abstained != (answer.reason is not None):
        faults.append("abstaining, having no answer and having a reason do not go together")
    if answer.mode == "about":
        return faults + ["an answer about the articles cites one"] * bool(answer.sentences or answer.citations)
    if text != " ".join(sentence.text for sentence in answer.sentences):
        faults.append("the answer is not its sentences joined by a space")
    for sentence in answer.sentences:
        if text[sentence.start : sentence.end] != sentence.text:
            faults.append("a sentence is not at its place in the answer")
        if not sentence.citations or not set(sentence.citations) <= set(by_id):
            faults.append("a sentence has no citation, or one that is not there")
        cited = [by_id[id_] for id_ in sentence.citations if id_ in by_id]
        if any(citation.verdict == "verbatim" and citation.quote != sentence.text for citation in cited):
            faults.append("a verbatim sentence is not its quote")
    return faults


def quoted_texts(answer: Answer, forbidden: Iterable[str]) -> list[str]:
    """Return those of the texts that occur in the answer, a citation or a passage."""
    texts = [answer.answer or "", answer.short_answer or ""]
    texts += [citation.quote for citation in answer.citations] + [passage.text for passage in answer.passages]
    return [text for text in forbidden if any(text in other for other in texts)]


def all_faults(answer: Answer, read: Callable[[str], Article]) -> list[str]:
    """Return all faults of an answer.

    Args:
        answer: The answer.
        read: Returns the article with an id, or raises KeyError or ArticleNotFound.
    """
    faults = answer_faults(answer)
    places: list[Citation | Passage] = [*answer.citations, *answer.passages]
    for place in places:
        try:
            article = read(place.article_id)
        except (KeyError, ArticleNotFound):
            faults.append("a citation names an article that is not there")
            continue
        faults += place_faults(place, article)
        if isinstance(place, Citation):
            faults += cut_faults(place, article)
    return faults


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _inside_word(text: str, edge: int) -> bool:
    return 0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum()
