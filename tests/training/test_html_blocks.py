"""The training of the model that tells a page's main text from the rest."""

import numpy as np

from evals.data.web_pages import WebPage
from training.html_blocks import LabelledPage, fit, labelled

STORY = " ".join(f"Sentence {number} of the story about the bridge is told here." for number in range(12))
HTML = f"<nav><a href='/'>Home page of the news</a></nav><article><p>{STORY}</p><p>Yes.</p></article>"


def test_blocks_of_the_text_are_main_text_by_their_words_and_short_ones_by_their_line() -> None:
    page = labelled("scrapinghub", WebPage("a", HTML.encode(), text=f"{STORY}\n\nYes."))
    assert page is not None
    assert dict(zip(page.texts, page.is_main.tolist(), strict=True)) == {
        "Home page of the news": False,
        STORY: True,
        "Yes.": True,
    }
    assert page.weight.argmax() == page.texts.index(STORY)


def test_blocks_without_a_segment_teach_nothing() -> None:
    page = labelled(
        "trafilatura",
        WebPage("https://a.test/1", HTML.encode(), kept=("Sentence 3 of the story",), dropped=("Home page",)),
    )
    assert page is not None
    assert page.is_main.tolist() == [False, True, False]
    assert (page.weight > 0).tolist() == [True, True, False]


def test_the_fitted_trees_find_what_they_were_shown() -> None:
    chance = np.random.default_rng(0)
    features = chance.random((400, 6), dtype=np.float32)
    is_main = (features[:, 0] > 0.5) ^ (features[:, 1] > 0.7)
    shown = LabelledPage("a", WebPage("a", b""), "a", ["text"] * 400, features, is_main, np.ones(400))
    assert ((fit([shown]).log_odds(features) > 0) == is_main).mean() > 0.95
