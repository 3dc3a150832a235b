import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.terms import stems, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重建东码头", ["重建", "建东", "东码", "码头"]),
        ("東", ["東"]),
        ("서울에서", ["서울", "울에", "에서"]),
        ("แมวขาว", ["แมว", "มวข", "วขา", "ขาว"]),
        ("the 東京 bridges", ["the", "東京", "bridg"]),
    ],
    ids=["Chinese", "one character", "Korean", "Thai", "mixed with English"],
)
def test_scripts_without_spaces_become_pairs_or_triples_of_characters(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_stems_are_those_of_a_known_language_and_english_otherwise() -> None:
    words = "Häusern maisons bridges"
    assert stems(words) == stems(words, "zh") == ["hausern", "maison", "bridg"]
    assert stems(words, "de") == ["haus", "maison", "bridg"]
    assert terms("Häusern häuser", ["de", "fr"]) == ["hausern", "hauser", "haus"]


@given(st.text(alphabet="重建东码头渔民 ab"), st.text(alphabet="重建东码头渔民"))
def test_a_word_of_two_characters_is_found_wherever_it_stands(before: str, word: str) -> None:
    assert set(terms(word[:2])) <= set(terms(f"{before}{word}")) or len(word) == 1
