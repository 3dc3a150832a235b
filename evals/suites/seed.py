"""Seed grounding: questions on the article that ships. Right sentence, right silence, every character checked."""

from collections import defaultdict

from embeddings.text.article import Article
from evals.answers import JudgedAnswer, charts, cites_wanted, exactness, failures, figures, means
from evals.context import Context
from evals.data.shipped import seed_body, seed_file, seed_questions
from evals.integrity import quotes_any
from evals.result import SuiteResult
from evals.suites.suite import ask_all


class SeedSuite:
    """The article is added as a user adds it, from its file, and checked against a body that is cut here."""

    name = "seed"
    about = "90 questions on the seed article; every citation checked character by character"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Ask all of them."""
        body, header = seed_body()
        with context.fresh(self.name) as opened:
            (outcome,) = opened.subject.add(seed_file())
            held = opened.subject.get(outcome.article_id or "")
            questions, files = seed_questions(held.id)
            expected = Article.create(body, title=held.title, url=header[0])
            asked = ask_all(
                context, opened, "seed: asking", questions=questions, articles=[expected], rule=cites_wanted
            )
        forbidden = [line for line in header if line not in body]
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness(self.name, asked, headline=True),
                *means({"seed.header_never_quoted": [not quotes_any(a.answer, forbidden) for a in asked]}),
                *figures(self.name, asked),
            ),
            failures=failures(asked, {held.id: body}),
            charts=charts(self.name, asked),
            notes=(
                "Right means: a cited sentence is one of the accepted ones.",
                "With 90 questions on one short article, a difference of two or three is noise.",
                _by_kind(asked),
            ),
            sample=f"all {len(asked)} questions",
            library=str(opened.place),
            data=files,
        )


def _by_kind(asked: list[JudgedAnswer]) -> str:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for a in asked:
        kinds[a.question.kind].append(a.well)
    return "Handled well: " + ", ".join(f"{kind} {sum(well)} of {len(well)}" for kind, well in kinds.items()) + "."
