"""What tests of several rooms share."""

import pytest

from embeddings.encoder import Encoder, load_encoder
from tests.hashed_words import HashedWords


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The default encoder; its weights load once, at the first text that a test encodes."""
    return load_encoder()


@pytest.fixture
def encoder() -> HashedWords:
    """An encoder without a model, for tests that need vectors and not good ones."""
    return HashedWords()
