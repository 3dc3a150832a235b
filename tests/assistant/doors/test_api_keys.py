from functools import partial
from pathlib import Path
from timeit import repeat

import pytest

from assistant.doors.api_keys import ApiKeys, create_key, key_entry
from assistant.settings import Settings
from embeddings.errors import InvalidInput


def test_several_keys_have_names_and_a_wrong_one_has_none() -> None:
    laptop, phone = create_key(), create_key()
    keys = ApiKeys.from_settings(Settings(api_keys=f"{key_entry('laptop', laptop)}, {key_entry('phone', phone)}"))
    assert (keys.name_of(laptop), keys.name_of(phone)) == ("laptop", "phone")
    assert [keys.name_of(wrong) for wrong in (create_key(), laptop[:-1], "", "é\udcff")] == [None] * 4


def test_a_wrong_key_takes_as_long_as_a_right_one() -> None:
    """If the comparison stopped at a match, the first of a thousand keys would be a thousand times faster."""
    right = [create_key() for _ in range(1000)]
    keys = ApiKeys.from_settings(
        Settings(api_keys=",".join(key_entry(str(number), key) for number, key in enumerate(right)))
    )

    def seconds(key: str) -> float:
        return min(repeat(partial(keys.name_of, key), number=1, repeat=50))  # the minimum has the least noise

    first, last, wrong = seconds(right[0]), seconds(right[-1]), seconds(create_key())
    assert max(first, last, wrong) < 2 * min(first, last, wrong)


def test_an_entry_does_not_contain_the_key() -> None:
    key = create_key()
    assert len(key) > 43  # 256 bits
    assert key.removeprefix("aak_") not in key_entry("laptop", key)
    assert create_key() != key


def test_a_file_of_keys_may_have_comments_and_blank_lines(tmp_path: Path) -> None:
    one, two = create_key(), create_key()
    (tmp_path / "keys").write_text(f"# who may ask\n\n  {key_entry('one', one)}\n{key_entry('two', two)}\n")
    keys = ApiKeys.from_settings(Settings(api_keys_file=tmp_path / "keys"))
    assert (keys.name_of(one), keys.name_of(two)) == ("one", "two")


def test_without_entries_there_are_no_keys() -> None:
    assert not ApiKeys.from_settings(Settings())
    assert ApiKeys.from_settings(Settings(api_keys=key_entry("one", create_key())))


KEY = create_key()
WRONG = {
    "the key itself": KEY,
    "no name": ":" + key_entry("x", KEY).split(":")[1],
    "a short hash": "x:abc",
    "a name twice": f"{key_entry('x', KEY)},{key_entry('x', create_key())}",
}


@pytest.mark.parametrize("entries", WRONG.values(), ids=WRONG.keys())
def test_malformed_entries_are_rejected_and_not_shown(entries: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        ApiKeys.from_settings(Settings(api_keys=entries))
    assert KEY not in str(raised.value)
    assert "assistant key" in raised.value.hint


@pytest.mark.parametrize("content", [None, b"", b"# only a comment\n", b"\xff"])
def test_a_file_without_keys_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "keys").write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be used"):
        ApiKeys.from_settings(Settings(api_keys_file=tmp_path / "keys"))


@pytest.mark.parametrize("name", ["", "two words", "a:b", "x" * 65, "line\n"])
def test_an_invalid_name_is_rejected(name: str) -> None:
    with pytest.raises(InvalidInput):
        key_entry(name, KEY)
