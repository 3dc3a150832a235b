"""Generative answers: a language model writes them, and each sentence is aligned to the passages and checked here."""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain

import prompts
from assistant.answer import Citation, Sentence
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.conversation.function_words import CONNECTIVE, REFERRING
from assistant.draft_answer import DraftAnswer, DraftSentence, Quote
from assistant.errors import LanguageModelError
from assistant.fence import fenced, neutralized
from assistant.grounding.entailment import Checker
from assistant.grounding.gate import Gate
from assistant.grounding.markup import without_markup
from assistant.grounding.windows import window_quotes
from assistant.language_model import ENDLESS, LanguageModel
from embeddings.retrieval.search import Hit
from embeddings.text.sentences import sentence_spans

MAX_SENTENCES = 5  # of an answer; the rest of the reply is not read
MAX_SENTENCE_CHARACTERS = 1_000
MAX_QUOTES = 3  # of a sentence
MAX_TOKENS = 300  # of a reply
MAX_PROMPT_CHARACTERS = 12_000  # of passages, the best first: about 3,000 tokens, which fit a small model's context
FALLBACK_NOTICE = "The answer is made of the articles' own sentences."
NO_ANSWER = "NOT IN THE ARTICLES"  # what the prompt asks the model to write if the passages do not answer

PROMPT = prompts.load("write_answer")
_LEAD_IN = re.compile(
    r"^(?:(?:answer|question|a)\s*:\s*|the answer (?:to (?:this|the|your) question )?is that |"
    r"(?:according to|based on|as stated in) the (?:\w+ ){0,2}(?:passages?|articles?|texts?)(?: provided)?,\s*)",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(rf"{CONNECTIVE}(?:{REFERRING}|such|here|there)\b", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!][”\"’')\]]*$")
# A sign of a verb. Without a verb the text is no sentence but a short answer, whose truth depends on the question.
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|may|might|must|should|shall|[a-z]{2,}ed|"
    r"said|told|met|took|gave|went|came|left|won|lost|made|found|held|kept|led|spoke|began|became|broke|brought|built|"
    r"bought|caught|chose|drew|drove|fell|felt|fought|flew|got|grew|heard|hit|knew|laid|lay|let|meant|paid|put|read|rose|"
    r"ran|saw|sold|sent|set|shot|shut|sat|spent|stood|stole|struck|swore|taught|thought|threw|understood|wore|wrote|cut|"
    r"cost|spread|[a-z]+s(?= (?:the|an?|its|their|his|her|it|them|him|how|whether|any|all|no)\b))\b"
)


class NoAnswerInPassages(Exception):
    """The model says that the passages do not answer the question."""


class GenerativeAnswerer:
    """Has a language model write an answer from passages."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        extractive: DraftAnswer,
        gate: Gate,
        cancelled: Callable[[], bool],
    ) -> Generator[Citation | Sentence, None, DraftAnswer]:
        """Yield the citations and sentences of the model's answer, each as soon as it is complete and admitted.

        Args:
            question: the question, which stands alone.
            hits: the passages, best first.
            extractive: the extractive answer, which is given if the model fails.
            gate: checks the sentences, and collects those that it admits.
            cancelled: true once the caller no longer waits; the answer then ends early.

        Returns:
            The draft that is still to be admitted, with its notices: without sentences if the model's answer is
            complete, the extractive answer if no sentence of the model was admitted, and if the model failed the
            sentences of the extractive answer that are not cited yet.
        """
        try:
            for sentence in self._sentences(_fill_prompt(question, hits), cancelled):
                yield from gate.admit(DraftSentence(sentence, find_quotes(sentence, hits, gate.checker)))
        except LanguageModelError as error:
            cited = [citation.quote for citation in gate.citations]
            rest = tuple(one for one in extractive.sentences if not any(one.text in quote for quote in cited))
            draft = _with_notice(extractive, f"{error.message} {FALLBACK_NOTICE}")
            return replace(draft, mode="generative" if gate.text else "extractive", sentences=rest, cacheable=False)
        except NoAnswerInPassages:
            if not gate.text:
                draft = _with_notice(extractive, "The language model found no answer in the passages.")
                return replace(draft, mode="generative", sentences=(), reason="not_answered_by_passages")
        if gate.text:
            return replace(extractive, mode="generative", sentences=())
        notice = f"No sentence that the language model wrote is supported by the passages. {FALLBACK_NOTICE}"
        return replace(_with_notice(extractive, notice), mode="extractive")

    def _sentences(self, prompt: str, cancelled: Callable[[], bool]) -> Iterator[str]:
        """Yield the cleaned sentences of the reply, each once and as soon as the next one begins.

        Raises:
            LanguageModelError: the server failed, or a sentence does not end.
            NoAnswerInPassages: the model says so.
        """
        pieces = self._model.stream([{"role": "user", "content": prompt}], max_tokens=MAX_TOKENS, cancelled=cancelled)
        text, written = "", list[str]()
        with closing(pieces):
            for piece in chain(pieces, [None]):  # None ends the reply and completes its last sentence
                text += piece or ""
                if NO_ANSWER.casefold() in text.casefold():
                    raise NoAnswerInPassages
                spans = sentence_spans(text)
                complete = [span.cut(text) for span in spans[: len(spans) - (piece is not None)]]
                text = text[spans[-1].start :] if spans else ""
                for sentence in map(cleaned, complete):
                    if sentence and sentence not in written and len(sentence) <= MAX_SENTENCE_CHARACTERS:
                        written.append(sentence)
                        yield sentence
                    if len(written) == MAX_SENTENCES:
                        return
                if len(text) > MAX_SENTENCE_CHARACTERS:
                    raise LanguageModelError(ENDLESS, f"a sentence of more than {MAX_SENTENCE_CHARACTERS} characters")


def _with_notice(draft: DraftAnswer, notice: str) -> DraftAnswer:
    return replace(draft, notices=(*draft.notices, notice))


def cleaned(sentence: str) -> str:
    """Return a sentence without Markdown, citation marks and lead-ins ("According to the passages, …")."""
    text = _LEAD_IN.sub("", without_markup(sentence))
    return text[:1].upper() + text[1:]


def is_self_contained(sentence: str) -> bool:
    """True if a sentence does not refer back ("He …"), is complete, is no question, and has a verb."""
    return not _REFERS_BACK.match(sentence) and bool(_ENDS_SENTENCE.search(sentence) and _VERB.search(sentence))


def find_quotes(sentence: str, hits: Sequence[Hit], checker: Checker) -> tuple[Quote, ...]:
    """Return the quotes that support a sentence, best first: of each passage the fewest neighbouring sentences."""
    if not is_self_contained(sentence):
        return ()
    windows = [
        (i, quote)
        for i, hit in enumerate(hits)
        for quote in window_quotes(sentence, hit.excerpt, [one.span for one in candidate_sentences([hit])])
    ]
    scores = checker.support(sentence, [quote.text for _, quote in windows], answers=True)
    shortest: dict[int, tuple[float, Quote]] = {}  # of each passage
    for (i, quote), score in zip(windows, scores, strict=True):
        if score is not None:
            shortest.setdefault(i, (score, quote))
    best_first = sorted(shortest.values(), key=lambda one: -one[0])
    return tuple({(quote.article_id, quote.span): quote for _, quote in best_first}.values())[:MAX_QUOTES]


def _fill_prompt(question: str, hits: Sequence[Hit]) -> str:
    """Return the prompt with as many passages as fit, and always the first."""
    texts, remaining = list[str](), MAX_PROMPT_CHARACTERS
    for hit in hits:
        text = hit.text
        if texts and len(text) > remaining:
            break
        texts.append(text)
        remaining -= len(text)
    fence, passages = fenced(texts)
    return PROMPT.fill(fence=fence, passages=passages, question=neutralized(question))
