import pytest

from assistant.conversation.names import MAX_NAMES, full_names, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Secretary of State John Kerry spoke to Sergei Lavrov.", ["John Kerry", "Sergei Lavrov"]),
        ("World Bank President Barber Conable", ["World Bank", "Barber Conable"]),
        ("It was sent to the National Institute of Mental Health.", ["National Institute of Mental Health"]),
        ("What is Reye's Syndrome linked to?", ["Reye's Syndrome"]),
        ("South Africa's Environment Minister John Wiley died", ["South Africa", "Environment", "John Wiley"]),
        ("Bashar al-Assad’s forces", ["Bashar al-Assad"]),
        ("Does the KX-4471-B or Ordinance 2019/1148 or train 7314?", ["KX-4471-B", "Ordinance 2019/1148", "7314"]),
        ("On Saturday the talks, which began in 1985, ended.", []),
        ("Talks ended. Meanwhile, nobody spoke.", []),
    ],
)
def test_names_are_found_without_their_titles(text: str, found: list[str]) -> None:
    assert [name.text for name in names(text)] == found


def test_titles_and_verbs_of_speech_mark_a_person() -> None:
    people = {name.text: name.person > 0 for name in names("In Aleppo, Maria Zakharova told the UN Security Council.")}
    assert people == {"Aleppo": False, "Maria Zakharova": True, "UN Security Council": False}


def test_a_surname_stands_for_the_longest_name_that_ends_with_it() -> None:
    full = full_names(names("Kerry said so. John Kerry and John Kelly met."))
    assert [full[name] for name in ("Kerry", "John Kerry", "Kelly")] == ["John Kerry", "John Kerry", "John Kelly"]


def test_a_long_list_of_names_is_truncated() -> None:
    assert len(names("Ada Brandt, " * (2 * MAX_NAMES))) == MAX_NAMES
