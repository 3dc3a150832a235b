"""Values from outside that are taken at their word: 0 is no day and no truth, `true` is no number.

JSON has a string, a number and a truth; read loosely, `"published": 20161003` is a day in August 1970.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("a day as YYYY-MM-DD")


def _whole(value: object) -> object:
    """JSON has one kind of number: 8.0 is an integer there."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[date, BeforeValidator(_day)]
Truth = Annotated[bool, Field(strict=True)]
Whole = BeforeValidator(_whole)  # behind the bounds, which would not be in the schema if they came after it
