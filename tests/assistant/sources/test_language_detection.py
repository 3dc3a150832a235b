"""The language of texts that do not name their own."""

import pytest

from assistant.sources import read_text
from assistant.sources.language_detection import detect_language

GERMAN = "Der Stadtrat hat am Montag beschlossen, die alte Brücke bis zum Frühjahr zu sperren."
ENGLISH = "The council decided on Monday to close the old bridge until spring. The state bears the costs."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        ("El consejo decidió el lunes cerrar el viejo puente hasta la primavera, y el Estado paga los gastos.", "es"),
        ("市议会星期一决定在春季之前关闭旧桥。费用由州政府承担。", "zh"),
        (ENGLISH, None),
        ("Shr 45 cts vs 58 cts\nNet 1.1 mln vs 829,000\nSales 7.9 mln vs 9.4 mln", None),
        ("", None),
    ],
)
def test_a_text_is_taken_for_another_language_than_english_only_if_that_is_certain(
    text: str, language: str | None
) -> None:
    assert detect_language(text) == language


def test_an_article_that_does_not_name_its_language_has_the_one_of_its_text() -> None:
    assert read_text(GERMAN).language == "de"
