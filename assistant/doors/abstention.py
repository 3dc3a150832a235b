"""How an abstention reads to a person, wherever it is shown."""

from assistant.answer import Answer, Reason

NOT_SAID = "The articles do not say."
WHY: dict[Reason | None, str] = {
    "no_relevant_passage": "No passage is about this.",
    "not_answered_by_passages": "Passages are about this, and none of them answers it.",
    "not_grounded": "What could be said was not carried by the cited characters.",
    "library_empty": "There are no articles in the library yet.",
    None: "",
}


def abstention(answer: Answer) -> str:
    """What to say in place of an answer."""
    return f"{NOT_SAID} {WHY[answer.reason]}".rstrip()
