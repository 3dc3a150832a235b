"""Rewrites a question in a conversation to stand alone, by a language model if there is one, else by rules."""

from collections.abc import Callable, Sequence

from assistant.conversation.drift import drift
from assistant.conversation.rules import MAX_ANSWER_CHARACTERS, Rewrite, needs_context, rewrite, with_topic
from assistant.errors import LanguageModelError
from assistant.fence import fenced, neutralized
from assistant.language_model import LanguageModel, ModelMessage
from assistant.request import Message
from prompts import load

MAX_TOKENS = 200
TIMEOUT = 10.0  # seconds; the rules are a substitute, and the answer is still to be written


class Rewriter:
    """Makes questions stand alone. A model is asked only if a question needs the conversation."""

    def __init__(self, model: LanguageModel | None = None) -> None:
        self._model = model

    def rewrite(
        self, question: str, history: Sequence[Message], cancelled: Callable[[], bool] = lambda: False
    ) -> Rewrite:
        """Return the question as it stands alone, and what was done to it; as it was asked once cancelled."""
        by_rule = rewrite(question, history, cancelled)
        if self._model is None or cancelled() or not needs_context(question, history):
            return by_rule
        try:
            rewritten = self._ask(self._model, question, history, cancelled)
            if not (why := drift(rewritten, question, history)):
                return Rewrite(rewritten, ((question, rewritten),) if rewritten != question else ())
            note = f"The language model read the question otherwise ({why})"
        except LanguageModelError as error:
            note = f"The language model {error.reason}"
        return by_rule._replace(notes=(f"{note}: the question was filled in by rule.",))

    def with_topic(self, question: str, history: Sequence[Message]) -> Rewrite | None:
        """Return a question that names nothing with the topic of the turns before; None where a model has read it."""
        return None if self._model else with_topic(question, history)

    def _ask(
        self, model: LanguageModel, question: str, history: Sequence[Message], cancelled: Callable[[], bool]
    ) -> str:
        block = fenced(f"{turn.role}: {turn.content[:MAX_ANSWER_CHARACTERS]}" for turn in history)
        prompt = load("followup").fill(fence=block.fence, conversation=block.text, question=neutralized(question))
        messages: list[ModelMessage] = [{"role": "user", "content": prompt}]
        reply = model.complete(messages, max_tokens=MAX_TOKENS, timeout=TIMEOUT, cancelled=cancelled)
        return reply.strip().strip('"“”').strip()
