import re
from collections.abc import Callable
from itertools import product
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation.drift import drift
from assistant.conversation.rules import needs_context, rewrite
from assistant.request import Message
from evals.data.dialogues import standalone
from tests.assistant.conversation.conversation import (
    FERRY,
    FLOOD,
    LIGHTHOUSE,
    MARATHON,
    MATCH,
    PUMP,
    STRIKE,
    VISITORS,
    turns,
)

OPEN = {
    "When did she retire?": (FERRY, "When did Ada Brandt retire?"),
    "How many ships does it own?": (FERRY, "How many ships does it own (founded the Orrin ferry company)?"),
    "Who lives there?": (LIGHTHOUSE, "Who lives there (the lighthouse of Skarn built)?"),
    "And in Varga?": (VISITORS, "How many visitors came to Varga in May?"),
    "What else did the mayor say?": (VISITORS, "What else did the mayor say (visitors came to Tolmin in May)?"),
    "How long did it last?": (STRIKE, "How long did it last (the strike at Halden Steel cost)?"),
    "Who said that?": (STRIKE, "Who said that (the strike at Halden Steel cost)?"),
    "How old is he?": (MARATHON, "How old is Tuomas Rinne?"),
    "When do they meet again?": (MATCH, "When do they meet again (Brennick play against Lundby)?"),
    "When was it built?": (FLOOD, "When was it built (bridge did the flood destroy, Maro)?"),
    "And P-320?": (PUMP, "What does pump P-320 cost?"),
    "What about P-320?": (PUMP, "What does pump P-320 cost?"),
    "And the pilots?": (STRIKE, "And the pilots (What did the strike at Halden Steel cost)?"),
    "And why?": (STRIKE, "And why (What did the strike at Halden Steel cost)?"),
    "Is that the default?": (PUMP, "Is that the default (pump P-310 cost)?"),
    "Who else?": (FERRY, "Who else (Who founded the Orrin ferry company)?"),
}
ALONE = [
    "When was Ada Brandt born?",
    "How long does sourdough bread bake?",
    "What is the capital of Portugal?",
    "Is it known when Jana Kos was elected?",
    "How long does it take to reach Skarn?",
    "Was it Lundby that lost?",
    "Did Jana Kos say that she would stand again?",
    "What did Halden Steel say it would pay?",
    "Which mayor lost her seat in Tolmin?",
    "And what share of its fleet did Halden Steel sell?",
    "Who lives in Skarn, and what do they eat there?",
    "And what does pump P-320 cost?",
    "What happened in Tolmin this year?",
    "Is there a harbour at Maro?",
]
EVERY = [FERRY, FLOOD, LIGHTHOUSE, MARATHON, MATCH, PUMP, STRIKE, VISITORS]
WORDS = re.findall(
    r"\S+",
    "he she it they his its them there that this the and what about why bridge Tolmin Ada Brandt P-310 of in ? , .",
)
NUMBERED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What takes the most of what is done with a turn; each text is read once, so that none is the same as another.
LONG = {
    "a name again and again": lambda n, turn: turns("Who came?", f"{turn} came: " + "Kerry's " * n),
    "a list of people": lambda n, turn: turns(
        "Who came?", f"{turn}: " + ", ".join(f"Ada {person(i)}" for i in range(n))
    ),
    "names of one ending": lambda n, turn: turns(
        "Who came?", f"{turn}: " + ", ".join(f"{person(i)} Bo" for i in range(n))
    ),
    "codes": lambda n, turn: turns("Which?", f"{turn}: " + " ".join(f"{1000 + i}/1," for i in range(n))),
    "pronouns": lambda n, turn: turns(f"{turn} did " + "it, he " * (n // 4), "Kerry did."),
    "phrases": lambda n, turn: turns(f"{turn} did " + "the a, " * (n // 4) + "its", "Kerry did."),
}
TALK = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=6)


@pytest.mark.parametrize("question", OPEN)
def test_a_follow_up_is_made_to_stand_alone(question: str) -> None:
    history, wanted = OPEN[question]
    rewritten = rewrite(question, history)
    assert rewritten.question == wanted
    assert len(rewritten.notices) == 1
    assert needs_context(question, history)


def test_a_question_that_stands_alone_is_unchanged() -> None:
    for question, history in product(ALONE, EVERY):
        assert rewrite(question, history) == (question, (), ()), history[0].content


def test_each_of_200_questions_that_stand_alone_is_unchanged() -> None:
    asked = list(standalone())
    assert len(asked) == 200
    assert [rewrite(question, history).question for history, question in asked] == [question for _, question in asked]


def person(number: int) -> str:
    """A name of its own for each number."""
    return "".join(NUMBERED[number // 26**place % 26] for place in (0, 1)).title() + "son"


def test_an_earlier_follow_up_is_resolved_first() -> None:
    history = [*MATCH, *turns("When do they meet again?", "The articles do not say. No passage is about this.")]
    wanted = "Where did they meet before (Brennick play against Lundby)?"
    assert rewrite("Where did they meet before?", history).question == wanted


def test_small_talk_is_no_topic() -> None:
    assert rewrite("When did she retire?", [*FERRY, *turns("Thanks!", "You are welcome.")]).question == (
        "When did Ada Brandt retire?"
    )


def test_only_one_person_in_the_turns_before_takes_the_place_of_a_pronoun() -> None:
    one = turns("Who is Oda Lind?", "Oda Lind, a pilot, flies in Skarn.")
    two = turns("Who met?", "Spokeswoman Oda Lind met spokesman Per Holm on Monday.")
    assert rewrite("What are her plans?", one).question == "What are Oda Lind's plans?"
    assert rewrite("What did she say?", two).question == "What did she say (met, Oda Lind, Per Holm)?"


def test_a_replacement_is_reported_in_a_notice() -> None:
    assert rewrite("When did she retire?", FERRY).notices == ("Read from the turns before: “she” as “Ada Brandt”.",)


def test_a_conversation_without_antecedents_changes_nothing() -> None:
    assert rewrite("When did she retire?", turns("hello", "hello")).question == "When did she retire?"
    assert rewrite("When did she retire?", [Message(role="assistant", content="Ada Brandt retired.")]) == (
        "When did she retire?",
        (),
        (),
    )


@pytest.mark.parametrize("history", LONG.values(), ids=LONG)
@pytest.mark.parametrize("question", ["When did he say that?", "What did the president say to them there?"])
def test_a_history_is_read_in_linear_time(history: Callable[[int, str], list[Message]], question: str) -> None:
    def seconds(length: int, sample: int) -> float:
        said = [turn for number in range(10) for turn in history(length, f"{sample}-{number}")]
        started = thread_time()
        rewrite(question, said)
        return thread_time() - started

    short, long = (min(seconds(length, 10 * length + sample) for sample in range(3)) for length in (40, 160))
    assert long < 8 * short


def test_a_cancelled_rewrite_ends_before_the_next_turn() -> None:
    checks = 0

    def cancelled() -> bool:
        nonlocal checks
        checks += 1
        return checks == 3

    assert rewrite("When did she retire?", [*FERRY, *MATCH, *STRIKE], cancelled) == ("When did she retire?", (), ())
    assert checks == 3


@given(st.text(max_size=300))
def test_without_a_history_no_question_is_changed(question: str) -> None:
    assert rewrite(question, []) == (question, (), ())


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=6))
def test_any_text_can_be_a_conversation(question: str, said: list[str]) -> None:
    rewrite(question, turns(*said))


@given(TALK)
def test_every_word_of_a_question_stays_or_is_reported_as_replaced(talk: list[str]) -> None:
    *said, question = talk
    rewritten = rewrite(question, turns(*said))
    replaced = set(re.findall(r"\w+", " ".join(words for words, _ in rewritten.replacements).lower()))
    kept = set(re.findall(r"\w+", rewritten.question.lower()))
    assert set(re.findall(r"\w+", question.lower())) <= kept | replaced


@given(st.sampled_from(EVERY), st.sampled_from([*OPEN, *ALONE]))
def test_every_replacement_comes_from_the_conversation(history: list[Message], question: str) -> None:
    assert drift(rewrite(question, history).question, question, history) is None
