"""Types of values in JSON, validated without pydantic's lenient conversions.

By default pydantic would read the number in ``"published": 20161003`` as a day in August 1970.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _require_iso_day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("a day as YYYY-MM-DD")


def _integral_float_to_int(value: object) -> object:
    """Return 8 for 8.0: JSON has one type of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[date, BeforeValidator(_require_iso_day)]

# To be put after the bounds in Annotated: pydantic leaves bounds that come after it out of the JSON schema.
WholeNumber = BeforeValidator(_integral_float_to_int)
