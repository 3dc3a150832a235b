"""The folder of intermediate files: examples, packages, checkpoints and logs. It is never committed."""

import os
from pathlib import Path

WORK = Path(os.environ.get("TRAINING_WORK") or Path(__file__).parent / ".work")
