"""The suites, in the order in which they run: what ships first."""

from evals.suites import answering, followups, retrieval
from evals.suites.attacks import Attacks
from evals.suites.exact import Exact
from evals.suites.generative import Generative
from evals.suites.grounding import Grounding
from evals.suites.own import Own
from evals.suites.reading import Reading
from evals.suites.seed import Seed
from evals.suites.spans import Spans
from evals.suites.suite import Suite

SUITES: tuple[Suite, ...] = (
    Seed(),
    Exact(),
    Attacks(),
    followups.Shipped(),
    followups.Reuters(),
    retrieval.Squad(),
    retrieval.SciFact(),
    Spans(),
    answering.Squad(),
    answering.SquadParagraphs(),
    answering.Clapnq(),
    Reading(),
    Grounding(),
    Generative(),
)
OWN = Own()
