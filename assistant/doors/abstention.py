"""The text of an abstention: that the articles do not say, why, what was looked for, and what is nearest to it."""

from assistant.answer import Answer, Reason

NO_ANSWER = "The articles do not say."
REASONS: dict[Reason | None, str] = {
    "no_relevant_passage": "No passage is about this.",
    "not_answered_by_passages": "Passages are about this, and none of them answers it.",
    "contradicts_the_question": "What they say of it is something else.",
    "not_grounded": "What could be said was not supported by the cited characters.",
    "library_empty": "There are no articles in the library yet.",
    None: "",
}


def answer_text(answer: Answer) -> str:
    """Return the answer's text, or the text that stands in its place."""
    return answer.answer or abstention_text(answer)


def abstention_text(answer: Answer) -> str:
    """Return the text that stands in place of the answer."""
    nearest = [f"Nearest: “{passage.title}”, paragraph {passage.paragraph}." for passage in answer.passages[:1]]
    if answer.citations:
        nearest = [f"“{one.quote}” (“{one.title}”, paragraph {one.paragraph})" for one in answer.citations]
    return " ".join([NO_ANSWER, REASONS[answer.reason], looked_for(answer), *nearest])


def looked_for(answer: Answer) -> str:
    """Return the sentence that says what was looked for."""
    return f"Looked for: “{answer.standalone_question}”"
