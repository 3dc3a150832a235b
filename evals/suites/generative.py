"""A small language model as the adversary: what it makes up, how much of that leaves, and what is lost for it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.support import carries
from evals import local_model
from evals.context import Context
from evals.data import squad
from evals.data.collection import Folder, Question, json_lines
from evals.data.shipped import seed_file, seed_questions
from evals.metrics.facts import unfounded
from evals.metrics.intervals import mean_interval
from evals.result import Failure, Figure, Result

READ = Path(__file__).parent.parent / "results"
READ_FILE = "generative-read.jsonl"
QUESTIONS = 130  # on SQuAD's pages, besides the 90 on the seed
TOP_K = 2  # the model reads 200 tokens a second where this was made


class Written(NamedTuple):
    """A sentence that the model wrote, what it cites (nothing where it was dropped), and what it was written from."""

    question: str
    text: str
    cited: str
    passages: str

    @property
    def left(self) -> bool:
        """Whether it left."""
        return bool(self.cited)


class Generative:
    """Every question reaches the model: the gate before it is opened, so that it has to answer what it cannot."""

    name = "generative"
    about = "a small language model writes the answers: what it makes up, what of that leaves, what is lost"
    ships = False

    def __init__(
        self, served: Callable[[], AbstractContextManager[str]] = local_model.served, on_seed: int = 90
    ) -> None:
        """``served`` runs the model; ``on_seed`` is how many of the seed's questions are asked."""
        self._served = served
        self._on_seed = on_seed

    def run(self, context: Context) -> Result:
        """Ask, count by a written rule, and hold the checker against sentences that a person judged."""
        folder = context.folder()
        collection = squad.pages(folder)
        questions = context.sample(collection.questions, QUESTIONS)
        read = list(json_lines(Folder(READ).file(READ_FILE, "The sentences that were read")))
        with self._served() as url:
            with _assistant(context, url, "seed") as assistant:
                (outcome,) = assistant.add(seed_file())
                on_seed, _ = seed_questions(outcome.article_id or "")
                written = [*_ask(context, assistant, on_seed[: self._on_seed])]
            with _assistant(context, url, "squad") as assistant:
                for _ in context.track(assistant.library.add(collection.articles), "generative: encoding", 1):
                    pass
                written += _ask(context, assistant, questions)
        (context.place(self.name) / "written.jsonl").write_text(
            "".join(json.dumps(one._asdict(), ensure_ascii=False) + "\n" for one in written), encoding="utf-8"
        )
        left = [one for one in written if one.left]
        wrong = [one for one in written if unfounded(one.text, one.passages)]
        escaped = [one for one in left if unfounded(one.text, one.cited)]
        passing = [(row["supported"], carries(row["sentence"], row["cited"]) is not None) for row in read]
        return Result(
            suite=self.name,
            figures=(
                _figure("generative.unfounded_written", [one in wrong for one in written]),
                _figure("generative.unfounded_left", [one in escaped for one in left], headline=True),
                _figure("generative.read.unsupported_left", [p for s, p in passing if not s], headline=True),
                _figure("generative.read.supported_lost", [not p for s, p in passing if s], headline=True),
            ),
            failures=tuple(
                Failure(question=one.question, found=one.text, wanted=one.cited, why="not in what is cited", badness=1)
                for one in escaped
            ),
            notes=(
                f"{len(written)} sentences were written, {len(wrong)} with a fact that none of their passages has; "  # noqa: ISC004
                f"{len(left)} left, {len(escaped)} of them with one that is not in what they cite.",
                "That rule is not the checker's: every token with a digit, every capitalised word but the first.",
                f"{len(read)} sentences were read one by one and judged: {READ_FILE}.",
                f"The model is {local_model.NAME}; every question is put to it, whatever the confidence.",
            ),
            sample=f"{self._on_seed} questions on the seed; "
            + context.described(len(questions), len(collection.questions), "others"),
            data=folder.files,
        )


@contextmanager
def _assistant(context: Context, url: str, name: str) -> Iterator[Assistant]:
    settings = Settings(llm_base_url=url, llm_model=local_model.NAME, llm_timeout=120, max_risk=1)
    with Assistant.open(context.place("generative") / name, settings=settings) as assistant:
        yield assistant


def _ask(context: Context, assistant: Assistant, questions: Sequence[Question]) -> Iterator[Written]:
    for question in context.track(questions, "generative: asking", len(questions)):
        answer = assistant.ask(question.text, top_k=TOP_K, mode="generative", explain=True)
        yield from _written(question.text, answer)


def _written(question: str, answer: Answer) -> Iterator[Written]:
    """What the model wrote, as the answer tells it; an answer that fell back has the articles' own sentences."""
    passages = "\n\n".join(passage.text for passage in answer.passages)
    quotes = {citation.id: citation.quote for citation in answer.citations}
    if answer.mode == "generative":
        for sentence in answer.sentences:
            yield Written(question, sentence.text, "\n".join(quotes[name] for name in sentence.citations), passages)
    dropped = (answer.explain or {}).get("dropped")
    for text in dropped if isinstance(dropped, list) else ():
        yield Written(question, str(text), "", passages)


def _figure(name: str, values: Sequence[bool], *, headline: bool = False) -> Figure:
    value, low, high = mean_interval([float(one) for one in values]) if values else (0.0, 0.0, 0.0)
    return Figure(name=name, value=value, low=low, high=high, count=len(values), better="lower", headline=headline)
