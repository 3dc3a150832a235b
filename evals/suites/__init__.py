"""The suites in the order in which they run: first those whose data is shipped."""

from evals.suites import answering, answering_alone, followups, retrieval
from evals.suites.attacks import AttacksSuite
from evals.suites.conversations import ConversationsSuite
from evals.suites.exact import ExactSuite
from evals.suites.generative import GenerativeSuite
from evals.suites.grounding import GroundingSuite
from evals.suites.judged import JudgedSuite
from evals.suites.own import OwnSuite
from evals.suites.reading import ReadingSuite
from evals.suites.seed import SeedSuite
from evals.suites.spans import SpansSuite
from evals.suites.suite import Suite

SUITES: tuple[Suite, ...] = (
    SeedSuite(),
    ExactSuite(),
    answering_alone.TwinsSuite(),
    AttacksSuite(),
    JudgedSuite(),
    followups.ShippedFollowUpsSuite(),
    followups.ReutersFollowUpsSuite(),
    retrieval.SquadRetrievalSuite(),
    retrieval.SciFactSuite(),
    SpansSuite(),
    answering.SquadPagesSuite(),
    answering.SquadParagraphsSuite(),
    answering.ClapnqSuite(),
    answering_alone.NewsQaSuite(),
    answering_alone.RewordedSuite(),
    ConversationsSuite(),
    ReadingSuite(),
    GroundingSuite(),
    GenerativeSuite(),
)
OWN = OwnSuite()
