"""What a model of a page's main text is told of its blocks, and what it says of them."""

import numpy as np

from assistant.sources.html_features import PageFeatures, WordRuns
from assistant.sources.html_model import BlockModel, block_model
from assistant.sources.html_tree import page_blocks, parse_tree

STORY = "The bridge over the river opened this week, and people walked across it in the rain."
PAGE = f"<ul><li><a href='/'>Home</a></li><li><a href='/n'>News</a></li></ul><article><p>{STORY}</p></article>"


def test_words_are_shared_by_runs_of_four() -> None:
    runs = WordRuns(STORY)
    assert runs.share(WordRuns.words("The bridge over the river OPENED")) == 1
    assert runs.share(WordRuns.words("the river opened again")) == 0
    assert runs.share(WordRuns.words("in the rain")) == 1
    assert runs.share([]) == 0


def test_each_block_has_a_row_of_finite_features() -> None:
    blocks = page_blocks(parse_tree(PAGE))
    features = PageFeatures(blocks, STORY, "Bridge opens").matrix()
    assert [block.text for block in blocks] == ["Home", "News", STORY]
    assert len(features) == len(blocks)
    assert np.isfinite(features).all()
    assert features[:, 0].tolist() == [0, 0, 1]  # the share of its words that trafilatura takes


def test_a_page_without_blocks_has_no_rows() -> None:
    assert len(PageFeatures([], "", "").matrix()) == 0


def test_the_model_tells_a_story_from_a_menu() -> None:
    blocks = page_blocks(parse_tree(PAGE))
    odds = block_model().log_odds(PageFeatures(blocks, STORY, "Bridge opens").matrix())
    assert (odds > 0).tolist() == [False, False, True]


def test_trees_add_up() -> None:
    feature, leaf = np.array([0, -1, -1, -1], dtype=np.int16), [0.0, 1.0, -1.0, 0.25]
    model = BlockModel(
        feature,
        threshold=np.array([0.5, 0, 0, 0], dtype=np.float32),
        left=np.array([1, 1, 2, 3], dtype=np.int32),
        right=np.array([2, 1, 2, 3], dtype=np.int32),
        value=np.array(leaf, dtype=np.float32),
        roots=np.array([0, 3], dtype=np.int32),
        start=np.array([10], dtype=np.float32),
    )
    assert model.log_odds(np.array([[0.5], [0.6]], dtype=np.float32)).tolist() == [11.25, 9.25]
