"""Which days of publication a question asks for, and which dates in it are left alone."""

from datetime import date

import pytest

from assistant.answering.publication_days import find_publication_days

TODAY = date(2016, 3, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "first", "last", "without"),
    [
        ("What did last week's articles say about the bridge?", "2016-03-07", "2016-03-13",
         "What did articles say about the bridge?"),
        ("What do articles from March 2016 say about Kerry?", "2016-03-01", "2016-03-31",
         "What do articles say about Kerry?"),
        ("Which articles published in 2015 mention Lavrov?", "2015-01-01", "2015-12-31",
         "Which articles mention Lavrov?"),
        ("Summarise yesterday’s news.", "2016-03-15", "2016-03-15", "Summarise news."),
        ("According to articles from 3 May 2014, who won?", "2014-05-03", "2014-05-03",
         "According to articles, who won?"),
        ("Who won the election, according to the news from February 2016?", "2016-02-01", "2016-02-29",
         "Who won the election, according to the news?"),
        ("In articles from 2015, who is called a spy?", "2015-01-01", "2015-12-31",
         "In articles, who is called a spy?"),
        ("List the articles since 1 March 2016", "2016-03-01", None, "List the articles"),
        ("Show me all articles written before 2010.", None, "2009-12-31", "Show me all articles."),
        ("Find articles published after May 2015 about rowing", "2015-06-01", None, "Find articles about rowing"),
        ("Are there any articles from the last 3 months about grain?", "2015-12-16", "2016-03-16",
         "Are there any articles about grain?"),
        ("What does the article from 2016-03-02 say?", "2016-03-02", "2016-03-02", "What does the article say?"),
        ("Which firms do this month's stories mention?", "2016-03-01", "2016-03-31", "Which firms do stories mention?"),
        ("What does last year's coverage tell of the strike?", "2015-01-01", "2015-12-31",
         "What does coverage tell of the strike?"),
        ("How many articles that were published within the past week mention Oslo?", "2016-03-09", "2016-03-16",
         "How many articles mention Oslo?"),
    ],
)  # fmt: skip
def test_days_of_the_articles_that_are_to_answer_are_found(
    question: str, first: str | None, last: str | None, without: str
) -> None:
    found = find_publication_days(question, TODAY)
    assert found
    assert [day and day.isoformat() for day in found[:2]] == [first, last]
    assert found.question == without


@pytest.mark.parametrize(
    "question",
    [
        "What happened in March 2016?",
        "Who was president in 2015?",
        "What did Kerry say yesterday?",
        "Which book was published in 2015?",
        "When did the paper retract the articles from March 2016?",
        "Which articles from 2015 were retracted?",
        "Who wrote the articles that were published before 2010?",
        "What does the report from March 2016 say about grain?",
        "What do articles say about the flood in March 2016?",
        "Do the articles from the 2015 constitution mention free speech?",
        "What do articles from 2015 law journals say?",
        "Which articles from March 2016 or articles from April 2016 mention Oslo?",
        "What do articles not from 2015 say about the bridge?",
        "What did articles from March say about the bridge?",
        "What do articles from 31 February 2016 say?",
        "What do articles after 9999-12-31 say?",
        'Who said "according to articles from 2015, it fell"?',
        "What did the minister deny about last week's articles?",
        "Did the editor apologise for yesterday's news?",
        "Was last week's news good for the farmers?",
        "What do articles from March 2016 to May 2016 say about the bridge?",
    ],
)
def test_all_other_dates_are_left_alone(question: str) -> None:
    assert find_publication_days(question, TODAY) is None


@pytest.mark.parametrize(
    ("when", "first"), [("month", "2016-02-29"), ("year", "2015-03-31"), ("2 weeks", "2016-03-17")]
)
def test_the_last_month_ends_today_and_begins_on_a_day_that_there_was(when: str, first: str) -> None:
    found = find_publication_days(f"List articles from the last {when}", date(2016, 3, 31))
    assert found
    assert [str(day) for day in found[:2]] == [first, "2016-03-31"]
