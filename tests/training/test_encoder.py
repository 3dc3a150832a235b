"""The encoder that trains says what the networks of transformers say."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import torch
from torch import nn

from training.encoder import TransformerEncoder
from training.shapes import MINILM, MPNET, Shape


class Pair(NamedTuple):
    """A small network of transformers, and its shape."""

    theirs: nn.Module
    shape: Shape


@pytest.fixture(params=["bert", "mpnet"])
def pair(request: pytest.FixtureRequest) -> Pair:
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel  # takes seconds to load

    torch.manual_seed(0)
    sizes: dict[str, Any] = {"vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    sizes |= {"intermediate_size": 48, "max_position_embeddings": 300}
    if request.param == "bert":
        bert = BertConfig(layer_norm_eps=MINILM.epsilon, **sizes)
        return Pair(BertModel(bert, add_pooling_layer=False), small(MINILM))
    mpnet = MPNetConfig(layer_norm_eps=MPNET.epsilon, **sizes)
    return Pair(MPNetModel(mpnet, add_pooling_layer=False), small(MPNET))


def small(shape: Shape) -> Shape:
    return replace(shape, layers=2, heads=2, hidden=32, inner=48, vocabulary=100, positions=300)


def test_it_says_the_same(pair: Pair) -> None:
    ours = TransformerEncoder(pair.shape, precision=torch.float32)
    ours.load_named(pair.theirs.state_dict())
    ids = torch.randint(5, 100, (2, 200))
    attention = torch.ones(2, 200, dtype=torch.bool)
    attention[1, 150:] = False
    types = torch.zeros_like(ids)
    types[:, 20:] = 1
    told = {"token_type_ids": types} if pair.shape.types else {}
    with torch.inference_mode():
        expected = pair.theirs.eval()(input_ids=ids, attention_mask=attention.long(), **told).last_hidden_state
        found = ours.eval()(ids, types, attention)
    assert torch.allclose(found[attention], expected[attention], atol=1e-5)


def test_it_gives_its_weights_by_the_names_that_it_takes(pair: Pair) -> None:
    ours = TransformerEncoder(pair.shape)
    ours.load_named(pair.theirs.state_dict())
    given = ours.named_weights()
    assert {name.removeprefix(pair.shape.prefix) for name in given} == set(pair.theirs.state_dict())
    with pytest.raises(RuntimeError, match=r"layers\.0\.up\.weight"):
        ours.load_named({name: value for name, value in given.items() if "layer.0.intermediate" not in name})
