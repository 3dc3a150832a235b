"""The suite of conversations: MTRAG-UN's last turns, which the passages may not answer."""

from assistant.answer import Answer
from evals.answers import answering_charts, answering_failures, answering_figures, cited_regions, exactness_figures
from evals.context import Context
from evals.data.collection import EvalQuestion
from evals.data.mtragun import conversations
from evals.result import SuiteResult
from evals.suites.suite import ask


class ConversationsSuite:
    """The last turn of each conversation, asked with the turns before it over the passages of all conversations."""

    name = "conversations"
    about = "MTRAG-UN: last turns of conversations over the passages of all of them; half of the goal is to abstain"
    ships = False

    def run(self, context: Context) -> SuiteResult:
        """Ask the last turns."""
        collection, histories = conversations(context.data_folder())
        turns = list(zip(collection.questions, histories, strict=True))
        read = {article.id: article for article in collection.articles}.__getitem__
        with context.cached_library("mtragun", collection.articles) as opened:
            asked = [
                ask(opened, question, read, _cites_own_passage, history=history)
                for question, history in context.track(turns, f"{self.name}: asking", len(turns))
            ]
        return SuiteResult(
            suite=self.name,
            figures=(*exactness_figures(self.name, asked), *answering_figures(self.name, asked)),
            failures=answering_failures(asked, {article.id: article.text for article in collection.articles}),
            charts=answering_charts(self.name, asked),
            notes=("Right means: something of a passage that belongs to the turn is cited.",),
            sample=f"all {len(asked)} answerable and unanswerable turns",
            library=str(opened.folder),
            data=collection.files,
        )


def _cites_own_passage(question: EvalQuestion, answer: Answer) -> bool:
    own = {gold.document for gold in question.gold}
    return any(region.document in own for region, _ in cited_regions(answer))
