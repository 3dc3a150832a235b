"""Answers written by a language model. Each sentence is aligned here, not by the model, and then proved."""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import Any

import prompts
from assistant.answer import Citation, Sentence
from assistant.answering.candidate_sentences import candidate_sentences
from assistant.draft_answer import DraftAnswer, DraftSentence, Quote
from assistant.errors import LanguageModelError
from assistant.fence import fenced, harmless
from assistant.grounding.entailment import candidate_windows, support_score
from assistant.grounding.gate import Gate
from assistant.language_model import ENDLESS, LanguageModel
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span
from embeddings.text.sentences import sentence_spans

MOST_SENTENCES = 5  # an answer, not an essay; what comes after is not read
LONGEST = 1_000  # characters of a sentence
MOST_QUOTES = 3  # places to cite for one sentence
MOST_TOKENS = 300
MOST_CHARACTERS = 12_000  # of passages, the best first: about 3,000 tokens, which a small model's window holds
FALLEN_BACK = "The answer is made of the articles' own sentences."
DECLINED = "NOT IN THE ARTICLES"

PROMPT = prompts.load("write_answer")
_MARKS = re.compile(
    r"\A\s*(?:[-*•>]\s+|\d{1,2}[.)]\s+|#+\s+)|\*\*|__|`"
    r"|(?:(?<!\s)\s++)?(?:\[\^?\d+(?:\s*[,–-]\s*\d+)*\]|【[^【】]*】"
    r"|[\[(](?:passage|source|article|citation)s?\b[^][()]*[\])])",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^][]+)\]\([^)[]*\)")
_LEAD = re.compile(
    r"^(?:(?:answer|question|a)\s*:\s*|the answer (?:to (?:this|the|your) question )?is that |"
    r"(?:according to|based on|as stated in) the (?:\w+ ){0,2}(?:passages?|articles?|texts?)(?: provided)?,\s*)",
    re.IGNORECASE,
)
_LEANS = re.compile(r"(?:he|she|it|they|this|that|these|those|his|her|its|their|such|here|there)\b", re.IGNORECASE)
_WHOLE = re.compile(r"[.!][”\"’')\]]*$")
# A sign of a verb. Without one it is no sentence but a short answer, whose truth hangs on the question.
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|may|might|must|should|shall|[a-z]{2,}ed|"
    r"said|told|met|took|gave|went|came|left|won|lost|made|found|held|kept|led|spoke|began|became|broke|brought|built|"
    r"bought|caught|chose|drew|drove|fell|felt|fought|flew|got|grew|heard|hit|knew|laid|lay|let|meant|paid|put|read|rose|"
    r"ran|saw|sold|sent|set|shot|shut|sat|spent|stood|stole|struck|swore|taught|thought|threw|understood|wore|wrote|cut|"
    r"cost|spread|[a-z]+s(?= (?:the|an?|its|their|his|her|it|them|him|how|whether|any|all|no)\b))\b"
)


class Declined(Exception):
    """The model says that the passages do not answer."""


class Generative:
    """Has a language model write an answer from passages."""

    def __init__(self, model: LanguageModel) -> None:
        """With this model."""
        self._model = model

    def answer(
        self, question: str, hits: Sequence[Hit], extractive: DraftAnswer, proof: Gate, left: Callable[[], bool]
    ) -> Generator[Citation | Sentence, None, DraftAnswer]:
        """What the model writes, each sentence as soon as it is whole and proved; ends early when ``left`` says so.

        Returns what is still to be proved, with what is to be said of it: nothing where the answer stands, the
        extractive draft where none of it does, and what of that draft was not cited yet where the model failed.
        """
        try:
            for sentence in self._sentences(_prompt(question, hits), left):
                yield from proof.admit(DraftSentence(sentence, quotes(sentence, hits)))
        except LanguageModelError as error:
            said = [citation.quote for citation in proof.citations]
            rest = tuple(one for one in extractive.sentences if not any(one.text in quote for quote in said))
            return _after(proof, extractive, f"{error.message} {FALLEN_BACK}", sentences=rest, lasting=False)
        except Declined:
            if not proof.text:
                notice = "The language model found no answer in the passages."
                changed = {"mode": "generative", "sentences": (), "reason": "not_answered_by_passages"}
                return _after(proof, extractive, notice, **changed)
        if proof.text:
            return _after(proof, extractive, sentences=())
        return _after(proof, extractive, f"No sentence that the language model wrote could be proved. {FALLEN_BACK}")

    def _sentences(self, prompt: str, left: Callable[[], bool]) -> Iterator[str]:
        """Cleaned sentences, each once. The last one so far may not be whole: it waits for what comes next.

        Raises:
            LanguageModelError: there is no end of it in sight, or the server failed.
        """
        pieces = self._model.stream([{"role": "user", "content": prompt}], max_tokens=MOST_TOKENS, left=left)
        text, said = "", list[str]()
        with closing(pieces):
            for piece in chain(pieces, [None]):
                text += piece or ""
                if DECLINED.casefold() in text.casefold():
                    raise Declined
                spans = sentence_spans(text)
                written = [span.cut(text) for span in spans[: len(spans) - (piece is not None)]]
                text = text[spans[-1].start :] if spans else ""
                for sentence in map(cleaned, written):
                    if sentence and sentence not in said and len(sentence) <= LONGEST:
                        said.append(sentence)
                        yield sentence
                    if len(said) == MOST_SENTENCES:
                        return
                if len(text) > LONGEST:
                    raise LanguageModelError(ENDLESS, f"a sentence of more than {LONGEST} characters")


def _after(proof: Gate, extractive: DraftAnswer, *notices: str, **changed: Any) -> DraftAnswer:
    """The extractive draft with what changed and what is to be said."""
    mode = "generative" if proof.text else "extractive"
    return replace(extractive, **{"mode": mode, "notices": (*extractive.notices, *notices), **changed})


def cleaned(sentence: str) -> str:
    """A sentence without Markdown, citation marks and lead-ins: words of the model that say nothing of the articles."""
    text = _LEAD.sub("", _MARKS.sub("", _LINK.sub(r"\1", sentence))).strip()
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def stands_alone(sentence: str) -> bool:
    """Whether a sentence leans on no other one ("He …"), is whole, does not ask, and has a verb."""
    return not _LEANS.match(sentence) and bool(_WHOLE.search(sentence) and _VERB.search(sentence))


def quotes(sentence: str, hits: Sequence[Hit]) -> tuple[Quote, ...]:
    """The places that carry a sentence, best first: of each passage the fewest neighbouring sentences that do."""
    if not stands_alone(sentence):
        return ()
    found: dict[tuple[str, Span], tuple[float, Quote]] = {}
    for hit in hits:
        spans = [one.span for one in candidate_sentences([hit])]
        for first, last in candidate_windows(sentence, [hit.excerpt.cut(span) for span in spans]):
            quote = Quote.cut(hit.excerpt, Span(start=spans[first].start, end=spans[last - 1].end))
            if (score := support_score(sentence, quote.text)) is not None:
                found.setdefault((quote.article_id, quote.span), (score, quote))
                break
    best = sorted(found.values(), key=lambda one: -one[0])
    return tuple(quote for _, quote in best[:MOST_QUOTES])


def _prompt(question: str, hits: Sequence[Hit]) -> str:
    texts, room = list[str](), MOST_CHARACTERS
    for hit in hits:
        text = hit.text
        if texts and len(text) > room:
            break
        texts.append(text)
        room -= len(text)
    fence, passages = fenced(texts)
    return PROMPT.fill(fence=fence, passages=passages, question=harmless(question))
