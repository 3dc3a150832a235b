"""What a suite hands back, and what a whole run is: plain values, written as JSON beside the report."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Better = Literal["higher", "lower"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Value):
    """One measured number. Shares are between 0 and 1; ``low`` and ``high`` bound its 95 % interval."""

    name: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None
    better: Better = "higher"
    headline: bool = False


class Failure(_Value):
    """A question that went wrong: what was found, what was wanted, and where to look. Worst first."""

    question: str
    found: str
    wanted: str
    why: str
    link: str | None = None
    badness: float = 0.0


class Curve(_Value):
    """Risk over coverage: points of equal length, and where the assistant itself stands."""

    kind: Literal["risk_coverage"] = "risk_coverage"
    title: str
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    chosen: tuple[float, float] | None = None


class Reliability(_Value):
    """Mean confidence, share that was right, and count of each bin that is not empty."""

    kind: Literal["reliability"] = "reliability"
    title: str
    confidence: tuple[float, ...]
    right: tuple[float, ...]
    counts: tuple[int, ...]


class Bars(_Value):
    """Figures side by side, named by stage."""

    kind: Literal["bars"] = "bars"
    title: str
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]


Chart = Curve | Reliability | Bars


class SuiteResult(_Value):
    """One suite's result. ``figures`` is the same to the last digit in every run; ``seconds`` is not."""

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
    """Where a run took place, as far as it explains its times."""

    cpu: str
    cores: int
    memory_gb: float
    python: str
    versions: dict[str, str]


class Run(_Value):
    """Everything one command measured."""

    command: str
    started: str
    seconds: float
    machine: Machine
    configuration: dict[str, str] = Field(description="Encoder, calibration and settings: what was measured.")
    results: tuple[SuiteResult, ...]

    def without_texts(self) -> "Run":
        """The run without its failures and libraries: what may be kept where the data's texts may not go."""
        results = tuple(one.model_copy(update={"failures": (), "library": None}) for one in self.results)
        return self.model_copy(update={"results": results})
