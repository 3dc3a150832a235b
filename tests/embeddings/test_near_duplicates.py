"""Near-duplicates: one is found, the others are named, and none that was removed is."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article
from tests.hashed_words import HashedWords

STORY = (
    "The old pier of Lindholm will be rebuilt next spring, the harbour board said on Monday. "
    "Work costs 4 million crowns and is to be paid by the county. "
    "Boats will land at the fish market while the builders are there, and the choir sings at the opening."
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, HashedWords()) as library:
        yield library


def add(library: Library, **texts: str) -> dict[str, str]:
    """The ids of articles by the names of their sites."""
    articles = [
        Article.create(text, title="Pier", url=f"https://{name}.example.org/pier") for name, text in texts.items()
    ]
    return dict(zip(texts, (one.article_id or "" for one in library.add(articles)), strict=True))


def named(hits: list[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.article.id, hit.excerpt.also) for hit in hits]


def test_of_a_story_on_two_sites_one_passage_is_found_that_names_the_other(library: Library) -> None:
    ids = add(
        library, first=STORY, second=f"LINDHOLM (Agency) - {STORY}", other="The mill burned at night, nobody was hurt."
    )
    hits = library.search("old pier rebuilt harbour board", 8)
    assert {hit.article.id for hit in hits} in ({ids["first"], ids["other"]}, {ids["second"], ids["other"]})
    assert {name for hit in hits for name in (hit.article.id, *hit.excerpt.also)} == set(ids.values())


def test_a_passage_with_another_number_or_with_more_is_not_left_out(library: Library) -> None:
    more = STORY + " A diver found an anchor of 1742 under the northern end, which the museum will show."
    add(library, first=STORY, corrected=STORY.replace("4 million", "5 million"), longer=more)
    texts = " ".join(hit.text for hit in library.search("pier crowns county diver anchor", 20))
    assert all(words in texts for words in ("4 million", "5 million", "anchor of 1742"))


CHANGES = [  # of one sentence among eight
    ("Mayor Ellen Price", "Mayor Susan Hall"),
    ("the county paid half of the costs", "the county refused to pay any of the costs"),
    ("is not finished", "is finished"),
    ("fell to -5 degrees", "fell to 5 degrees"),
    ("rose .5 percent", "rose 5 percent"),
    ("will cut the ribbon at noon.", "will cut the ribbon at noon?"),
    ("The town of Orrin", "Not true: The town of Orrin"),
]
REPORT = (
    "The town of Orrin will open a new bridge over the Tarn in March, the council said on Tuesday. It took three "
    "years to build, in which the price of steel rose .5 percent. Mayor Ellen Price said that the old bridge had "
    "carried trucks far beyond its limits since 1962. Farmers had asked for a wider road for a decade, and the "
    "county paid half of the costs. A ferry will go on running until the summer, because the road to the bridge "
    "is not finished. Engineers from Leeds tested the steel with forty loaded trucks in a night in which it fell "
    "to -5 degrees. The brass band plays in the square. The mayor will cut the ribbon at noon."
)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_passage_with_one_changed_sentence_is_found_beside_the_other(
    library: Library, before: str, after: str
) -> None:
    ids = add(library, first=REPORT, corrected=REPORT.replace(before, after))
    hits = library.search("bridge county costs road", 20)
    assert {name for name, also in named(hits) if also} == set(ids.values())


def test_other_quotation_marks_dashes_and_white_space_are_no_change(library: Library) -> None:
    text = 'The "old" pier of Lindholm -- it\'s of 1742 -- will be rebuilt, the harbour board said on Monday.'
    other = text.replace(' "old" ', "  “old”\n").replace(" -- ", " – ").replace("'", "’").replace(",", ";")
    add(library, first=f"{text} {REPORT}", second=f"{other} {REPORT}")
    assert len({name for name, _ in named(library.search("old pier harbour bridge", 20))}) == 1


def test_an_article_that_a_filter_names_keeps_all_its_passages(library: Library) -> None:
    ids = add(library, first=STORY, second=STORY, third=STORY)
    hits = library.search("old pier", 8, Filters(article_ids=tuple(ids.values())))
    assert {hit.article.id for hit in hits} == set(ids.values())


def test_all_articles_are_found_and_counted_where_those_are_asked_for(library: Library) -> None:
    ids = add(library, first=STORY, second=STORY, other="The mill burned at night, nobody was hurt.")
    assert {hit.article.id for hit in library.search("old pier", 8, distinct=False)} == set(ids.values())
    (first,), count = library.first_passages(Filters(), 1)
    assert (first[0].article_id, count) == (ids["first"], 3)


def test_each_passage_of_a_story_on_two_sites_is_found_once(library: Library) -> None:
    add(library, first=STORY)
    once = [hit.text for hit in library.search("old pier crowns county choir", 20)]
    add(library, second=STORY)
    assert sorted(hit.text for hit in library.search("old pier crowns county choir", 20)) == sorted(once)


def test_a_removed_near_duplicate_is_named_nowhere_and_the_other_is_found(library: Library) -> None:
    ids = add(library, first=STORY, second=STORY)
    (found,) = {hit.article.id for hit in library.search("old pier rebuilt", 8)}
    library.remove(found)
    (left,) = set(ids.values()) - {found}
    assert set(named(library.search("old pier rebuilt", 8))) == {(left, ())}


def test_an_article_that_was_rewritten_is_a_near_duplicate_no_more(library: Library) -> None:
    ids = add(library, first=STORY, second=STORY)
    add(library, second="The mill burned at night, but nobody was hurt and the miller rebuilds it.")
    assert set(named(library.search("old pier mill", 8))) == {(ids["first"], ()), (ids["second"], ())}


def test_a_filter_finds_the_near_duplicate_that_passes_it(library: Library) -> None:
    ids = add(library, first=STORY, second=STORY)
    hits = library.search("old pier", 8, Filters(article_ids=(ids["second"],)))
    assert {hit.article.id for hit in hits} == {ids["second"]}


def test_as_many_distinct_passages_come_back_as_are_asked_for_however_many_copies_there_are(library: Library) -> None:
    choose = random.Random(3)
    words = [f"w{number}" for number in range(500)]
    distinct = {f"d{number}": "Pier " + " ".join(choose.choices(words, k=12)) + "." for number in range(8)}
    text = "Old pier, old pier of Lindholm, will the pier be a pier?"
    ids = add(library, **{f"c{number}": text for number in range(150)}, **distinct)
    hits = library.search("old pier of Lindholm will the pier be a pier", 6)
    assert len(hits) == 6
    copies = {ids[f"c{number}"] for number in range(150)}
    assert sum(hit.article.id in copies for hit in hits) == 1
