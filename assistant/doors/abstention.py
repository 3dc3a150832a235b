"""The text of an abstention."""

from assistant.answer import Answer, Reason

NO_ANSWER = "The articles do not say."
REASONS: dict[Reason | None, str] = {
    "no_relevant_passage": "No passage is about this.",
    "not_answered_by_passages": "Passages are about this, and none of them answers it.",
    "not_grounded": "What could be said was not supported by the cited characters.",
    "library_empty": "There are no articles in the library yet.",
    None: "",
}


def abstention_text(answer: Answer) -> str:
    """Return the text that stands in place of the answer, with the reason."""
    return f"{NO_ANSWER} {REASONS[answer.reason]}".rstrip()
