"""Signatures estimate how much two texts have in common."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from embeddings.text.minhash import SHINGLE, bands, signature

WORDS = [f"w{number}" for number in range(400)]


def likeness(first: str, second: str) -> float:
    return float((signature(first) == signature(second)).mean())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30))
def test_the_likeness_of_signatures_is_near_the_share_of_common_shingles(seed: int, changed: int) -> None:
    words = random.Random(seed).choices(WORDS, k=300)
    other = [*words[changed:], *(f"x{number}" for number in range(changed))]
    first, second = (set(map(tuple, sliding_window_view(text, SHINGLE).tolist())) for text in (words, other))
    share = len(first & second) / len(first | second)
    assert abs(likeness(" ".join(words), " ".join(other)) - share) < 0.25  # five standard errors


def test_case_punctuation_and_line_ends_make_no_difference() -> None:
    assert likeness("The pier, he said, was rebuilt.", "the pier he SAID\nwas rebuilt") == 1


def test_a_long_text_is_hashed_in_blocks_to_the_same_signature() -> None:
    words = random.Random(7).choices(WORDS, k=9_000)
    parts = [signature(" ".join(words[:5_004])), signature(" ".join(words[5_000:]))]
    assert (signature(" ".join(words)) == np.minimum(*parts)).all()


def test_a_text_of_a_few_words_has_no_signature() -> None:
    assert bands(signature("The pier was rebuilt.")) == []
