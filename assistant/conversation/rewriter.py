"""The question as it stands alone: by a language model where there is one and it does not drift, else by rules."""

from collections.abc import Callable, Sequence

from assistant.conversation.drift import drift
from assistant.conversation.rules import READ, Rewrite, is_open, rewrite
from assistant.errors import LanguageModelError
from assistant.fence import fenced, neutralized
from assistant.language_model import LanguageModel, ModelMessage
from assistant.request import Message
from prompts import load

LONGEST = 200  # tokens of a rewrite
PATIENCE = 10.0  # seconds: rules are at hand, and the answer still has to be written


class Rewriter:
    """Makes questions stand alone. A model is asked only for a question that leaves something open."""

    def __init__(self, model: LanguageModel | None = None) -> None:
        self._model = model

    def rewrite(self, question: str, history: Sequence[Message], left: Callable[[], bool] = lambda: False) -> Rewrite:
        """The question as it stands alone after these turns, and what was done to it.

        Soon after ``left`` says that nobody waits for it any longer, it is the question as it was asked.
        """
        by_rule = rewrite(question, history, left)
        if self._model is None or left() or not is_open(question, history):
            return by_rule
        try:
            written = self._written(self._model, question, history, left)
        except LanguageModelError as error:
            return by_rule.noting(f"The language model {error.reason}: the question was filled in by rule.")
        if why := drift(written, question, history):
            return by_rule.noting(f"The language model read the question otherwise ({why}): it was filled in by rule.")
        return Rewrite(written, ((question, written),) if written != question else ())

    def _written(
        self, model: LanguageModel, question: str, history: Sequence[Message], left: Callable[[], bool]
    ) -> str:
        block = fenced(f"{turn.role}: {turn.content[:READ]}" for turn in history)
        prompt = load("followup").fill(fence=block.fence, conversation=block.text, question=neutralized(question))
        messages: list[ModelMessage] = [{"role": "user", "content": prompt}]
        reply = model.complete(messages, max_tokens=LONGEST, timeout=PATIENCE, cancelled=left)
        return reply.strip().strip('"“”').strip()
