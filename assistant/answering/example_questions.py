"""Example questions: headings that ask, and questions made from sentences of articles by written rules.

The rules change as few words of a sentence as they can; whether a question makes sense is left to the answerer. One
that is not answered from its section, or with the very sentence that it was made from, is not offered.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise, zip_longest
from threading import Lock
from typing import NamedTuple

from cachetools import LRUCache

from assistant.answer import Answer, ExampleQuestion
from assistant.conversation.names import full_names, names
from assistant.request import AskRequest
from embeddings.library import Library
from embeddings.storage.state import State
from embeddings.text.article import Article, Span
from embeddings.text.headings import heading_spans
from embeddings.text.sentences import sentence_spans

ARTICLES = 8  # that are looked at for examples of the whole library: those that were added last
TRIES = 2  # questions that are asked for each one that is wanted
_CACHE_SIZE = 256
_MAX_READ = 20_000  # characters of an article that are looked at
_MAX_QUESTION = 120  # characters of a question that is read at a glance

# What somebody did, in the past tense, with the infinitive that a question takes.
_VERBS = {
    "accused": "accuse", "acquired": "acquire", "adopted": "adopt", "announced": "announce", "approved": "approve",
    "banned": "ban", "bought": "buy", "built": "build", "cancelled": "cancel", "closed": "close",
    "composed": "compose", "created": "create", "cut": "cut", "denied": "deny", "designed": "design",
    "developed": "develop", "discovered": "discover", "founded": "found", "introduced": "introduce",
    "invented": "invent", "launched": "launch", "led": "lead", "lost": "lose", "made": "make", "opened": "open",
    "painted": "paint", "planned": "plan", "promised": "promise", "proposed": "propose", "published": "publish",
    "raised": "raise", "received": "receive", "rejected": "reject", "released": "release", "replaced": "replace",
    "reported": "report", "signed": "sign", "sold": "sell", "suspended": "suspend", "threatened": "threaten",
    "won": "win", "wrote": "write",
}  # fmt: skip
_WORD = r"[\w’'&-]+"
_PARTICIPLE = r"(?P<verb>\w{3,}ed|born|built|cut|found|held|hit|killed|led|lost|made|rebuilt|sold|taken|won|written)"
_DATE = r"(?:in|on|since) (?:\d|early|late|mid|January|February|March|April|May|June|July|August|September|October|\
November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_ACTIVE = re.compile(rf"\A +(?P<verb>{'|'.join(_VERBS)}) (?:an?|the|its|his|her|their|that|to|\$|\d)\b")
_PASSIVE = re.compile(
    rf"\A(?P<subject>(?:The|A|An) (?:{_WORD} ){{1,4}}?|(?:[A-Z]{_WORD} ){{1,4}}?)(?P<be>was|were) {_PARTICIPLE}"
    rf"(?P<rest>[^.;]*)"
)
_COUNT = re.compile(
    rf"(?<![\d,.])\d[\d,.]*+(?: (?:hundred|thousand|million|billion))?"
    r" (?P<things>(?:[a-z-]+ )?(?:[a-z]{3,}s|people|men|women|children))"
    rf" (?P<be>were|have been|had been) {_PARTICIPLE}"
)


class _Draft(NamedTuple):
    """A question, its form, and the span that should answer it, a sentence or section; without both, a digest."""

    question: str
    article: Article
    form: str = ""
    span: Span | None = None


class ExampleQuestions:
    """Draws example questions from one library. Safe to share between threads; one thread draws at a time."""

    def __init__(self, library: Library, answer: Callable[[AskRequest], Answer]) -> None:
        """Draw from a library, of which ``answer`` answers questions."""
        self._library = library
        self._answer = answer
        self._drawn: LRUCache[tuple[State, str | None, int], list[ExampleQuestion]] = LRUCache(_CACHE_SIZE)
        self._lock = Lock()

    def draw(
        self, limit: int, article_id: str | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> list[ExampleQuestion]:
        """Return at most ``limit`` questions; they stay the same until the library changes.

        Args:
            limit: how many are wanted.
            article_id: the article that answers them; by default any of those that were added last.
            cancelled: true once the caller no longer waits; the result then has fewer items.

        Raises:
            ArticleNotFound: there is no such article.
        """
        with self._lock:
            key = (self._library.state, article_id, limit)
            if key not in self._drawn:
                articles = [self._library.get(article_id)] if article_id else self._latest()
                drawn = self._draw(articles, limit, cancelled)
                if cancelled():
                    return drawn
                self._drawn[key] = drawn
            return self._drawn[key]

    def _latest(self) -> list[Article]:
        entries, _ = self._library.entries(ARTICLES, newest_first=True)
        return [self._library.get(entry.article.id) for entry in entries]

    def _draw(self, articles: list[Article], limit: int, cancelled: Callable[[], bool]) -> list[ExampleQuestion]:
        """Return the questions that are answered: the last one asks for a digest, the others for facts."""
        digests = [_Draft(f"Summarise “{one.title}”.", one) for one in articles]
        facts = self._answered(_spread(map(drafts, articles)), limit - 1, cancelled)
        return [*facts, *self._answered(digests, limit - len(facts), cancelled)]

    def _answered(
        self, candidates: Iterable[_Draft], limit: int, cancelled: Callable[[], bool]
    ) -> list[ExampleQuestion]:
        found: dict[str, ExampleQuestion] = {}
        for number, draft in enumerate(candidates):
            if len(found) >= limit or number >= limit * TRIES or cancelled():
                break
            if draft.question not in found and self._is_answered(draft):
                article = draft.article
                found[draft.question] = ExampleQuestion(
                    question=draft.question, article_id=article.id, title=article.title
                )
        return list(found.values())

    def _is_answered(self, draft: _Draft) -> bool:
        """True if a question is answered from its article, with what should answer it."""
        # Without a language model, which would only reword the answer.
        answer = self._answer(AskRequest(question=draft.question, mode="extractive"))
        cited = [one for one in answer.citations if one.article_id == draft.article.id]
        if draft.span is None:
            return answer.mode == "digest" and bool(cited)
        if draft.form == "who" and not answer.short_answer:  # the sentence names somebody and no more
            return False
        return any(one.start < draft.span.end and draft.span.start < one.end for one in cited)


def drafts(article: Article) -> Iterator[_Draft]:
    """Yield questions about facts in an article; those of different forms take turns."""
    text = article.text[:_MAX_READ]
    full = full_names(names(text))
    by_form: dict[str, dict[str, _Draft]] = {"asked": {}, "what": {}, "who": {}, "when": {}, "how many": {}}
    end_of_text = Span(start=len(text), end=len(text))
    for heading, following in pairwise([*heading_spans(text, article.sections), end_of_text]):
        asked, section = heading.cut(text).strip(), Span(start=heading.end, end=following.start)
        if asked.endswith("?") and len(asked) <= _MAX_QUESTION:
            by_form["asked"].setdefault(asked, _Draft(asked, article, "asked", section))
    for span in sentence_spans(text, article.language, article.code):
        for form, question in _questions(span.cut(text), full):
            if len(question) <= _MAX_QUESTION:
                by_form[form].setdefault(question, _Draft(question, article, form, span))
    return _spread(form.values() for form in by_form.values())


def _questions(sentence: str, full: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the questions that a sentence answers by its form, each with the form of the question."""
    for name in names(sentence):
        known = full.get(name.normalised, name.normalised)
        if match := _ACTIVE.match(sentence[name.end :]):
            yield "what", f"What did {known} {_VERBS[match['verb']]}?"
        if name.person >= 3 and " " in name.normalised:  # a title or a role is beside it
            yield "who", f"Who is {known}?"
    if (match := _PASSIVE.match(sentence)) and re.search(rf"\b{_DATE}", match["rest"]):
        subject = match["subject"].strip()
        subject = subject[0].lower() + subject[1:] if subject.startswith(("The ", "A ", "An ")) else subject
        yield "when", f"When {match['be']} {subject} {match['verb']}?"
    if match := _COUNT.search(sentence):
        auxiliary, _, been = match["be"].partition(" ")
        yield "how many", f"How many {match['things']} {' '.join(filter(None, (auxiliary, been, match['verb'])))}?"


def _spread(groups: Iterable[Iterable[_Draft]]) -> Iterator[_Draft]:
    """Yield the first of each group, then the second of each, and so on."""
    return filter(None, chain.from_iterable(zip_longest(*groups)))
