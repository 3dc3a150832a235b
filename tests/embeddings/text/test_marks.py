import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.marks import without_marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“The KX-4 costs 4.50 euros”, he said. 🏰", "The KX-4 costs 4.50 euros he said"),
        ("the ship-owner (Moe) came; then — he left", "the ship owner Moe came, then he left."),
    ],
)
def test_marks_that_say_nothing_make_no_difference(one: str, other: str) -> None:
    assert without_marks(one) == without_marks(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("C++", "C"), ("-5 degrees", "5 degrees"), ("1,5 km", "15 km"), (".5 mm", "5 mm"), ("It closed?", "It closed.")],
)
def test_signs_numbers_and_questions_make_one(one: str, other: str) -> None:
    assert without_marks(one) != without_marks(other)


@given(st.text())
def test_letters_and_digits_stay_in_their_order(text: str) -> None:
    assert [*filter(str.isalnum, without_marks(text))] == [*filter(str.isalnum, text)]
