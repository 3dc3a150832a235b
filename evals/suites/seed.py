"""The seed suite: questions on the shipped article, with right citations and right abstentions."""

from collections import defaultdict

from embeddings.text.article import Article
from evals.answers import (
    JudgedAnswer,
    answering_charts,
    answering_failures,
    answering_figures,
    cites_gold_span,
    exactness_figures,
    mean_figures,
)
from evals.context import Context
from evals.data.shipped import seed_body, seed_file, seed_questions
from evals.integrity import quoted_texts
from evals.result import SuiteResult
from evals.suites.suite import ask_all


class SeedSuite:
    """The article is added from its file, as a user adds it, and citations are compared with the file's body."""

    name = "seed"
    about = "90 questions on the seed article; every citation checked character by character"
    ships = True

    def run(self, context: Context) -> SuiteResult:
        """Ask all questions."""
        body, header = seed_body()
        with context.empty_library(self.name) as opened:
            (outcome,) = opened.assistant.add(seed_file())
            article = opened.assistant.get(outcome.article_id or "")
            questions, files = seed_questions(article.id)
            expected = Article.create(body, title=article.title, url=header[0])
            asked = ask_all(
                context, opened, "seed: asking", questions=questions, articles=[expected], rule=cites_gold_span
            )
        forbidden = [line for line in header if line not in body]
        return SuiteResult(
            suite=self.name,
            figures=(
                *exactness_figures(self.name, asked, headline=True),
                *mean_figures({"seed.header_never_quoted": [not quoted_texts(a.answer, forbidden) for a in asked]}),
                *answering_figures(self.name, asked),
            ),
            failures=answering_failures(asked, {article.id: body}),
            charts=answering_charts(self.name, asked),
            notes=(
                "Right means: a cited sentence is one of the accepted ones.",
                "With 90 questions on one short article, a difference of two or three is noise.",
                _by_kind(asked),
            ),
            sample=f"all {len(asked)} questions",
            library=str(opened.folder),
            data=files,
        )


def _by_kind(asked: list[JudgedAnswer]) -> str:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for a in asked:
        kinds[a.question.kind].append(a.handled_well)
    return "Handled well: " + ", ".join(f"{kind} {sum(well)} of {len(well)}" for kind, well in kinds.items()) + "."
