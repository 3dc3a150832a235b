import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.doors.http.json_values import JsonValueCounter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('"\\,[{é\n x'),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('"\\,[{'), inner, max_size=4),
    max_leaves=8,
)


def counted(body: bytes, *, of: int) -> int:
    counter, number = JsonValueCounter(), 0
    for start in range(0, len(body), of):
        number = counter.count(body[start : start + of])
    return number


def values(value: object) -> int:
    """The number of opening brackets and of commas between values."""
    if not isinstance(value, list | dict):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(0, len(value) - 1) + sum(map(values, inner))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.booleans(), st.integers(1, 9))
def test_the_count_does_not_depend_on_the_chunks(value: object, ascii_: bool, of: int) -> None:
    assert counted(json.dumps(value, ensure_ascii=ascii_).encode(), of=of) == values(value)


@pytest.mark.parametrize("piece", [b"[],", b"0,", b'{"":[', b'"",'])
def test_everything_that_slows_the_parser_is_counted(piece: bytes) -> None:
    assert counted(piece * 1000, of=64) >= 1000


def test_a_string_is_one_value() -> None:
    assert counted(json.dumps({"text": '[x](y), "{z}" \\' * 1000}).encode(), of=64) == 1


def test_utf_16_cannot_hide_values() -> None:
    body = '["∢",' + "[]," * 1000  # in UTF-16, one byte of the angle is a quotation mark
    assert counted(body.encode("utf-16"), of=64) >= 1000
