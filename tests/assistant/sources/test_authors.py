import pytest

from assistant.sources.authors import people, split_authors, without_day


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("By Ann Lee, Staff writer", ("Ann Lee",)),
        ("Ann Lee, MD, RDN", ("Ann Lee",)),
        ("By ANN LEE, AP National Security Writer", ("ANN LEE",)),
        ("Ann Lee News reporter", ("Ann Lee",)),
        ("Ann Lee is a reporter", ("Ann Lee",)),
        ("Ann Lee and Ole Moe Associated Press", ("Ann Lee", "Ole Moe")),
        ("Analysis by Ann Lee", ("Ann Lee",)),
        ("Ann Lee; The Harbour News", ("Ann Lee",)),
        ("Ann Lee The Harbour", ("Ann Lee",)),
        ("Ann Lee Monday, November", ("Ann Lee",)),
        ("Associated Press", ()),
        ("The Harbour", ()),
        ("Ingrid", ("Ingrid",)),
    ],
)
def test_people_are_named_without_job_employer_degrees_and_day(field: str, expected: tuple[str, ...]) -> None:
    assert people(map(without_day, split_authors(field)), "The Harbour") == expected


def test_the_days_that_end_a_name_are_cut() -> None:
    assert without_day("The Harbour Staff Monday, November") == "The Harbour Staff"
    assert without_day("May Day") == "May Day"
    assert without_day("Monday") == ""
