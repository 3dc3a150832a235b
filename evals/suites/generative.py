"""The generative suite: how many unsupported sentences of a small language model the checker lets through.

The model's replies are kept in the cache folder, so that another checker is measured on the same sentences in a minute.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from pydantic import BaseModel

from assistant.answering.generative import PROMPT
from assistant.assistant import Assistant
from assistant.grounding.entailment import Checker
from assistant.settings import Settings
from embeddings.text.article import Article
from evals import local_model
from evals.context import Context
from evals.data import squad
from evals.data.collection import EvalQuestion, fingerprint, json_lines
from evals.data.shipped import seed_file, seed_questions
from evals.metrics.facts import unsupported_tokens
from evals.result import Failure, SuiteResult
from evals.suites.judged import accepted_citation, lower_figure

QUESTIONS = 120  # on SQuAD's pages, in addition to the 90 on the seed article
TOP_K = 2  # few, because the model only reads about 100 tokens a second on a CPU


class ModelReply(BaseModel):
    """The sentences that the model wrote in reply to a question, and the passages that it was given."""

    question: str
    sentences: tuple[str, ...]
    passages: tuple[str, ...]


class GenerativeSuite:
    """Every question is given to the model, whatever the confidence, also those that it cannot answer."""

    name = "generative"
    about = "a small language model writes the answers: what it makes up, what of that leaves, what is lost"
    ships = False

    def __init__(self, serve: Callable[[], AbstractContextManager[str]] = local_model.serve, on_seed: int = 90) -> None:
        """Create the suite.

        Args:
            serve: Serves the model and returns its URL.
            on_seed: The number of questions on the seed article.
        """
        self._serve = serve
        self._on_seed = on_seed

    def run(self, context: Context) -> SuiteResult:
        """Ask the model, and count unsupported facts by rule."""
        folder = context.data_folder()
        collection = squad.pages(folder)
        questions = context.sample(collection.questions, QUESTIONS)
        checker = Checker.choose(Settings().reader)
        replies = self._replies(context, collection.articles, questions)
        written = [(reply, sentence) for reply in replies for sentence in reply.sentences]
        unfounded = [bool(unsupported_tokens(sentence, "\n".join(reply.passages))) for reply, sentence in written]
        accepted = [(r, s, cited) for r, s in written if (cited := accepted_citation(s, r.passages, checker))]
        escaped = [(r, s, cited) for r, s, cited in accepted if unsupported_tokens(s, cited)]
        return SuiteResult(
            suite=self.name,
            figures=(
                lower_figure("generative.unfounded_written", unfounded),
                lower_figure("generative.unfounded_left", [one in escaped for one in accepted], headline=True),
            ),
            failures=tuple(
                Failure(question=reply.question, found=text, wanted=cited, why="not in what is cited", badness=1)
                for reply, text, cited in escaped
            ),
            notes=(
                f"{len(written)} sentences were written to {len(replies)} questions; {len(accepted)} leave.",
                (
                    f"{sum(unfounded)} state a fact that none of their passages has; "
                    f"{len(escaped)} of those that leave do."
                ),
                "That rule is not the checker's: every token with a digit, every capitalised word but the first.",
                f"The model is {local_model.NAME}; every question is put to it, whatever the confidence.",
                "What it wrote once stays in the workplace: another checker is measured on the same sentences.",
            ),
            sample=f"{self._on_seed} questions on the seed; "
            + context.describe_sample(len(questions), len(collection.questions), "others"),
            data=folder.files,
        )

    def _replies(
        self, context: Context, articles: Sequence[Article], questions: Sequence[EvalQuestion]
    ) -> list[ModelReply]:
        parts = [local_model.NAME, PROMPT.text, str(TOP_K), str(self._on_seed)]
        parts += [question.text for question in questions]
        folder = context.library_folder(f"{self.name}-{fingerprint(parts)}")
        saved = folder / "replies.jsonl"
        if not saved.is_file():
            with self._serve() as url:
                with _assistant(folder / "seed", url) as assistant:
                    (outcome,) = assistant.add(seed_file())
                    on_seed, _ = seed_questions(outcome.article_id or "")
                    replies = [*_ask(context, assistant, on_seed[: self._on_seed])]
                with _assistant(folder / "squad", url) as assistant:
                    for _ in context.track(assistant.library.add(articles), "generative: encoding", len(articles)):
                        pass
                    replies += _ask(context, assistant, questions)
            saved.write_text("".join(reply.model_dump_json() + "\n" for reply in replies), encoding="utf-8")
        return [ModelReply.model_validate(row) for row in json_lines(saved)]


@contextmanager
def _assistant(library: Path, url: str) -> Iterator[Assistant]:
    settings = Settings(llm_base_url=url, llm_model=local_model.NAME, llm_timeout=120, max_risk=1)
    with Assistant.open(library, settings=settings) as assistant:
        yield assistant


def _ask(context: Context, assistant: Assistant, questions: Sequence[EvalQuestion]) -> Iterator[ModelReply]:
    """Yield the model's reply to each question that reached it.

    Without a sentence of the model that passed the checker, the answer has the articles' own sentences, which are not
    counted.
    """
    for question in context.track(questions, "generative: asking", len(questions)):
        answer = assistant.ask(question.text, top_k=TOP_K, mode="generative", explain=True)
        if "write" in answer.timings_ms:
            accepted = [sentence.text for sentence in answer.sentences] if answer.mode == "generative" else []
            dropped = (answer.explain or {}).get("dropped")
            written = [*accepted, *map(str, dropped if isinstance(dropped, list) else ())]
            passages = tuple(passage.text for passage in answer.passages)
            yield ModelReply(question=question.text, sentences=tuple(written), passages=passages)
