"""What tests of several rooms share."""

import pytest

from embeddings.encoder import Encoder, load_encoder


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The default encoder; its weights load once, at the first text that a test encodes."""
    return load_encoder()
