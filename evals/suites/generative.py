"""A small language model as the adversary: what it makes up, how much of that leaves, and what is lost for it.

What the model wrote is kept in the workplace, so that another checker is measured on the same sentences in a minute.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.answering.generative import PROMPT, is_self_contained
from assistant.assistant import Assistant
from assistant.grounding.entailment import candidate_windows, support_score
from assistant.settings import Settings
from embeddings.text.article import Article
from embeddings.text.sentences import sentence_spans
from evals import local_model
from evals.context import Context
from evals.data import squad
from evals.data.collection import EvalQuestion, Folder, fingerprint, json_lines
from evals.data.shipped import seed_file, seed_questions
from evals.metrics.facts import unfounded
from evals.metrics.intervals import mean_interval
from evals.result import Failure, Figure, SuiteResult

READ = Path(__file__).parent.parent / "results"
READ_FILE = "generative-read.jsonl"
QUESTIONS = 120  # on SQuAD's pages, besides the 90 on the seed
TOP_K = 2  # the model reads 100 tokens a second where this was made


class ModelReply(BaseModel):
    """What the model wrote to a question, sentence by sentence, and the passages that it was given."""

    question: str
    sentences: tuple[str, ...]
    passages: tuple[str, ...]


class AuditedSentence(BaseModel):
    """A sentence that was read: beside what it cites, or, where it did not leave, what comes nearest to it.

    ``left`` says whether it left when it was read; ``supported`` whether those characters carry all of it.
    """

    question: str
    sentence: str
    cited: str
    left: bool
    supported: bool
    note: str

    model_config = ConfigDict(frozen=True)


class GenerativeSuite:
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

    def run(self, context: Context) -> SuiteResult:
        """Ask, count by a written rule, and hold the checker against the sentences that were read one by one."""
        folder = context.folder()
        collection = squad.pages(folder)
        questions = context.sample(collection.questions, QUESTIONS)
        read = [
            AuditedSentence.model_validate(row)
            for row in json_lines(Folder(READ).file(READ_FILE, "The sentences read"))
        ]
        replies = self._replies(context, collection.articles, questions)
        written = [(reply, sentence) for reply in replies for sentence in reply.sentences]
        wrong = [bool(unfounded(sentence, "\n".join(reply.passages))) for reply, sentence in written]
        left = [(r, s, cited) for r, s in written if (cited := leaves(s, r.passages))]
        escaped = [(r, s, cited) for r, s, cited in left if unfounded(s, cited)]
        passes = {row: bool(leaves(row.sentence, [row.cited])) for row in read}
        return SuiteResult(
            suite=self.name,
            figures=(
                _figure("generative.unfounded_written", wrong),
                _figure("generative.unfounded_left", [one in escaped for one in left], headline=True),
                _figure("generative.read.unsupported_written", [not row.supported for row in read]),
                _figure(
                    "generative.read.unsupported_left",
                    [passes[row] for row in read if not row.supported],
                    headline=True,
                ),
                _figure(
                    "generative.read.supported_lost", [not passes[row] for row in read if row.supported], headline=True
                ),
            ),
            failures=tuple(
                Failure(question=reply.question, found=text, wanted=cited, why="not in what is cited", badness=1)
                for reply, text, cited in escaped
            ),
            notes=(
                f"{len(written)} sentences were written to {len(replies)} questions; {len(left)} leave.",
                f"{sum(wrong)} state a fact that none of their passages has; {len(escaped)} of those that leave do.",
                "That rule is not the checker's: every token with a digit, every capitalised word but the first.",
                f"{len(read)} sentences were read one by one and judged: {READ_FILE}.",
                f"The model is {local_model.NAME}; every question is put to it, whatever the confidence.",
                "What it wrote once stays in the workplace: another checker is measured on the same sentences.",
            ),
            sample=f"{self._on_seed} questions on the seed; "
            + context.described(len(questions), len(collection.questions), "others"),
            data=folder.files,
        )

    def _replies(
        self, context: Context, articles: Sequence[Article], questions: Sequence[EvalQuestion]
    ) -> list[ModelReply]:
        asked = [local_model.NAME, PROMPT.text, str(TOP_K), str(self._on_seed)]
        place = context.place(f"{self.name}-{fingerprint([*asked, *(one.text for one in questions)])}")
        kept = place / "replies.jsonl"
        if not kept.is_file():
            with self._served() as url:
                with _assistant(place / "seed", url) as assistant:
                    (outcome,) = assistant.add(seed_file())
                    on_seed, _ = seed_questions(outcome.article_id or "")
                    replies = [*_ask(context, assistant, on_seed[: self._on_seed])]
                with _assistant(place / "squad", url) as assistant:
                    for _ in context.track(assistant.library.add(articles), "generative: encoding", len(articles)):
                        pass
                    replies += _ask(context, assistant, questions)
            kept.write_text("".join(reply.model_dump_json() + "\n" for reply in replies), encoding="utf-8")
        return [ModelReply.model_validate(row) for row in json_lines(kept)]


def leaves(sentence: str, passages: Sequence[str]) -> str:
    """What a sentence leaves with, as the assistant would cite it; nothing where it is dropped."""
    for passage in passages if is_self_contained(sentence) else ():
        spans = sentence_spans(passage)
        for first, last in candidate_windows(sentence, [span.cut(passage) for span in spans]):
            cited = passage[spans[first].start : spans[last - 1].end]
            if sentence == cited or support_score(sentence, cited) is not None:
                return cited
    return ""


@contextmanager
def _assistant(place: Path, url: str) -> Iterator[Assistant]:
    settings = Settings(llm_base_url=url, llm_model=local_model.NAME, llm_timeout=120, max_risk=1)
    with Assistant.open(place, settings=settings) as assistant:
        yield assistant


def _ask(context: Context, assistant: Assistant, questions: Sequence[EvalQuestion]) -> Iterator[ModelReply]:
    """Each question that reached the model; an answer that fell back has the articles' own sentences besides."""
    for question in context.track(questions, "generative: asking", len(questions)):
        answer = assistant.ask(question.text, top_k=TOP_K, mode="generative", explain=True)
        if "write" in answer.timings_ms:
            proved = [sentence.text for sentence in answer.sentences] if answer.mode == "generative" else []
            dropped = (answer.explain or {}).get("dropped")
            written = [*proved, *map(str, dropped if isinstance(dropped, list) else ())]
            passages = tuple(passage.text for passage in answer.passages)
            yield ModelReply(question=question.text, sentences=tuple(written), passages=passages)


def _figure(name: str, values: Sequence[bool], *, headline: bool = False) -> Figure:
    value, low, high = mean_interval([float(one) for one in values]) if values else (0.0, 0.0, 0.0)
    return Figure(name=name, value=value, low=low, high=high, count=len(values), better="lower", headline=headline)
