import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.facts import missing_facts
from assistant.grounding.quantities import in_one_spelling

CITED = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday. The U.S. spent "
    "$1.1 billion on 11 million people since 12 March 2016, 50 percent more than in 2015. “We are done – for now,” he "
    "said of the B-52, the third of its kind. Two hundred and five stayed. One of them is 21 years old."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kerry spoke to Lavrov on Saturday.",
        "Eleven million people cost the United States $1,100,000,000.",
        "The US spent 1.1 billion dollars.",
        "On 2016-03-12 it was fifty per cent.",
        "It began on March 12, in March 2016, in 2016.",
        "He said “we are done for now”.",
        "205 stayed, and one of them is twenty-one.",
        "The 3rd B-52 is Russia's.",
        "KERRY met SERGEI LAVROV.",
        "Secretary Kerry's B52.".replace("B52", "B-52"),
    ],
)
def test_a_fact_is_found_however_it_is_written(sentence: str) -> None:
    assert missing_facts(sentence, CITED) == ()


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("Kerry spoke to Lavrov on Tuesday.", "tue"),
        ("Kerry spoke to Putin on Saturday.", "putin"),
        ("Putin spoke on Saturday.", "putin"),
        ("Sergei Kerry spoke.", "sergei kerry"),
        ("The US spent $11 million.", "11000000"),
        ("11 percent stayed.", "11"),
        ("The US spent $1.2 billion.", "1200000000"),
        ("It began on 13 March.", "date"),
        ("It began on 12 March 2017.", "date"),
        ("It began in April.", "date"),
        ("It happened yesterday.", "yesterday"),
        ("It happened last week.", "last week"),
        ("He said “we are not done”.", "quotation"),
        ("The 21st B-52.", "21th"),
        ("206 stayed.", "206"),
        ("Dozens stayed.", "dozens"),
    ],
)
def test_a_missing_fact_is_named(sentence: str, fact: str) -> None:
    assert any(fact in one for one in missing_facts(sentence, CITED)), missing_facts(sentence, CITED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It earned 45 mln dlrs.", "It earned $45 million."),
        ("It borrowed €3bn.", "It borrowed three billion euros."),
        ("It fell 1.5 pct.", "It fell by 1.5 percent."),
        ("It lost a quarter of its staff.", "It lost 25% of its staff."),
        ("A dozen came.", "Twelve came."),
        ("It starts at 5pm.", "It starts at 17:00."),
        ("The debt is ¥1.3tn.", "The debt is 1.3 trillion yen."),
    ],
)
def test_one_amount_has_many_spellings(one: str, other: str) -> None:
    assert not missing_facts(one, other)
    assert not missing_facts(other, one)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("Net profit fell a fifth to 45 mln dlrs.", "Net profit fell 20 percent to 45 million dollars."),
        ("It cost $45m, or €2bn.", "It cost 45 million dollars, or 2 billion euros."),
        ("£1,200, he said, or 20 per cent", "1,200 pounds, he said, or 20 percent"),
        ("Half a dozen cars went for $5.", "6 cars went for 5 dollars."),
        ("In 1984 it rained.", "In 1984 it rained."),
    ],
)
def test_amounts_are_read_in_one_spelling(written: str, spelled: str) -> None:
    assert in_one_spelling(written) == spelled


def test_a_third_thing_and_the_third_quarter_are_no_fractions() -> None:
    assert missing_facts("A third company left.", "33.3% left.")
    assert not missing_facts("It fell in the quarter.", "It fell in the third quarter.")


@given(st.text())
def test_nothing_is_missing_from_a_text_itself(text: str) -> None:
    assert not any(
        one.startswith(("the number", "the date", "the time", "the quot")) for one in missing_facts(text, text)
    )


@given(st.integers(0, 999_999_999))
def test_a_number_is_the_same_with_and_without_separators(number: int) -> None:
    assert missing_facts(f"It cost {number:,}.", f"It cost {number}.") == ()
    assert missing_facts(f"It cost {number + 1}.", f"It cost {number:,}.")
