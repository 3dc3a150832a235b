"""Results of suites and runs: plain values that are saved as JSON with the report."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Better = Literal["higher", "lower"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Value):
    """A measured number. Shares are between 0 and 1; ``low`` and ``high`` are the bounds of the 95 % interval."""

    name: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None
    better: Better = "higher"
    headline: bool = False


class Failure(_Value):
    """A question that was answered wrongly: the answer, what was expected, why it is wrong, and where to look.

    The report lists the failures with the highest ``badness`` first.
    """

    question: str
    found: str
    wanted: str
    why: str
    link: str | None = None
    badness: float = 0.0


class Curve(_Value):
    """A risk–coverage curve, and the coverage and risk at the assistant's own threshold."""

    kind: Literal["risk_coverage"] = "risk_coverage"
    title: str
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    chosen: tuple[float, float] | None = None


class Reliability(_Value):
    """A reliability diagram: mean confidence, share of right answers and count of each bin that is not empty."""

    kind: Literal["reliability"] = "reliability"
    title: str
    confidence: tuple[float, ...]
    right: tuple[float, ...]
    counts: tuple[int, ...]


class Bars(_Value):
    """A bar chart of figures with their labels."""

    kind: Literal["bars"] = "bars"
    title: str
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]


Chart = Curve | Reliability | Bars


class SuiteResult(_Value):
    """The result of a suite. ``figures`` are exactly reproducible; ``seconds`` are not."""

    suite: str
    status: Literal["measured", "not run", "failed"] = "measured"
    figures: tuple[Figure, ...] = ()
    failures: tuple[Failure, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: int = 0
    sample: str = "every question"
    library: str | None = Field(None, description="Folder to serve so that the links of the failures open.")
    data: dict[str, str] = Field(default_factory=dict, description="sha256 of each file that was read, by name.")
    seconds: float = 0.0


class Machine(_Value):
    """The machine of a run, which explains its times."""

    cpu: str
    cores: int
    memory_gb: float
    gpu: str | None = None
    python: str
    versions: dict[str, str]


class Run(_Value):
    """The results of one command."""

    command: str
    started: str
    seconds: float
    machine: Machine
    configuration: dict[str, str] = Field(description="Encoder, calibration and settings: what was measured.")
    results: tuple[SuiteResult, ...]

    def without_texts(self) -> "Run":
        """Return the run without failures and libraries, which can be published where the data's texts cannot."""
        results = tuple(result.model_copy(update={"failures": (), "library": None}) for result in self.results)
        return self.model_copy(update={"results": results})
