from dataclasses import replace

import pytest
import torch

from assistant.reading.weights import tokenizer
from training.data.item import Item, item
from training.data.rows import Row
from training.encoder import TransformerEncoder
from training.network import TrainableReader
from training.pool.arrays import Pool, sequences
from training.pool.build import Builder, Forms
from training.pool.page_context import PageIndex
from training.pool.tensors import Tensors
from training.shapes import MINILM

OPENS = "The bakery opens at six."
PAGE = ("A mill stands beside the river.", OPENS, "Its harbour is deep.")
QUESTION = "When does the bakery open?"
SPAN = (20, 23)  # six


def rows() -> list[Row]:
    spans = {OPENS: (SPAN,)}
    return [Row(QUESTION, text, spans.get(text, ()), "town", "town/1", "Harbour Town") for text in PAGE]


def items() -> list[Item]:
    held = [
        item("held_out", "squad2_train9", QUESTION, OPENS, [SPAN]),
        item("held_out", "squad2_train9", "Why?", OPENS),
    ]
    return [
        item("asked", "town", QUESTION, OPENS, [SPAN]),
        item("asked", "town", "When does the mill open?", OPENS),
        item("neighbour", "town", QUESTION, PAGE[2]),
        item("unlabelled", "town", QUESTION, PAGE[0]),
        item("cut", "pattern:train", QUESTION, PAGE[0]),
        *held,
    ]


@pytest.fixture(scope="session")
def pool() -> Pool:
    builder = Builder(tokenizer(), PageIndex(rows()), Forms(heading=1.0, terse=0.0), 7)
    builder.add(items())
    return builder.pool()


@pytest.fixture(scope="session")
def tensors(pool: Pool) -> Tensors:
    return Tensors(sequences(pool), pool.label, torch.device("cpu"))


@pytest.fixture
def network() -> TrainableReader:
    torch.manual_seed(0)
    shape = replace(MINILM, layers=1, heads=2, hidden=32, inner=32)
    return TrainableReader(TransformerEncoder(shape, precision=torch.float32))
