"""What contradicts a question that is not answered: the sentence that says something else than it presupposes.

The careful checker reads the question as if it were a sentence. ``python -m training.entailment.questions`` measures
how often it takes a question for contradicted. The small checker was not measured and reads none.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.candidate_sentences import candidate_sentences
from assistant.answering.features import ParsedQuestion
from assistant.draft_answer import DraftAnswer
from assistant.grounding.entailment import Checker
from assistant.grounding.facts import missing_names
from assistant.grounding.windows import window_quotes
from embeddings.retrieval.search import Hit
from embeddings.text.terms import terms

_READ = 2  # windows of the best passage: the best sentence, and the best two
_MIN_COVERAGE = 0.5  # of the question's content words


def with_contradiction(question: str, hits: Sequence[Hit], draft: DraftAnswer, checker: Checker) -> DraftAnswer:
    """Return an abstention with what contradicts its question; any other draft as it is.

    Only what has all names and half of the content words of the question speaks of the same things. An answer's
    confidence already depends on the checker (:mod:`assistant.answering.answer_check`).

    Raises:
        ReaderUnavailable: the network's weights do not load.
    """
    if not checker.is_careful or not hits or draft.reason != "not_answered_by_passages":
        return draft
    sentences = [one.span for one in candidate_sentences(hits[:1])]
    quotes = window_quotes(question, hits[0].excerpt, sentences)[:_READ]
    asked = ParsedQuestion.parse(question)
    quotes = [
        quote
        for quote in quotes
        if not missing_names(question, quote.text) and asked.coverage({*terms(quote.text)}) >= _MIN_COVERAGE
    ]
    read = zip(checker.read(question, [quote.text for quote in quotes]), quotes, strict=True)
    scores = [(found.contradicted, quote) for found, quote in read]
    score, quote = max(scores, key=lambda one: one[0], default=(0.0, None))
    if quote is None or score < checker.thresholds.contradicted:
        return draft
    return replace(draft, reason="contradicts_the_question", against=(quote, score))
