"""The teacher on a small scale: a network of its kind, a few examples, a real tokenizer."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import MPNetConfig, MPNetModel

from training import checkpoints
from training.batches import Batches
from training.data import item
from training.data.item import Item
from training.examples import Example, Reading
from training.teacher.config import Mixture, TeacherConfig
from training.teacher.measure import TeacherMeasure
from training.teacher.mixture import Stream
from training.teacher.network import CLS, MPNET, PAD, SEP, Teacher
from training.teacher.reading import read_all
from training.train import Pace, Spans, train

TEXT = "the bakery opens at six and the mill at nine ."
WORDS = ["<s>", "<pad>", "</s>", "[UNK]", *dict.fromkeys(f"when does harbour open ? {TEXT}".split())]
EXAMPLES = (
    Example("when does the bakery open ?", (Reading("", TEXT, ((20, 23),)), Reading("", "the mill opens ."))),
    Example("when does the harbour open ?", (Reading("", TEXT),)),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer(WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    found.normalizer = BertNormalizer()
    found.pre_tokenizer = BertPreTokenizer()
    return found


def network(trained_layers: int = 1) -> Teacher:
    torch.manual_seed(0)
    small = MPNetConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    small.hidden_dropout_prob = small.attention_probs_dropout_prob = 0.0
    return Teacher(MPNetModel(small, add_pooling_layer=False), trained_layers)


def trained(folder: Path, tokenizer: Tokenizer, steps: int) -> Teacher:
    one = network()
    settings = TeacherConfig.load().optimiser.model_copy(
        update={"steps": steps, "questions": 2, "rate": 0.02, "warmup": 0.0}
    )
    stream = (example for _ in range(1000) for example in EXAMPLES)
    objective = Spans(Batches(tokenizer, 64, 0, MPNET), 0.5, 2)
    train(
        one,
        settings,
        stream,
        objective,
        folder,
        seed=0,
        measure=lambda _: {},
        log=lambda _: None,
        pace=Pace(measure=1000),
    )
    return one


def test_it_learns_where_the_answer_is_and_that_there_is_none(tmp_path: Path, tokenizer: Tokenizer) -> None:
    one = trained(tmp_path, tokenizer, 80).eval()
    pairs = [(example.question, reading.passage) for example in EXAMPLES for reading in example.readings]
    told, beside, untold = read_all(one, tokenizer, MPNET, pairs)
    (start, end), score = told.best()
    assert TEXT[start:end] == "six"
    assert score > 0 > max(beside.best()[1], untold.best()[1])
    assert told.holds > max(beside.holds, untold.holds)


def test_what_is_not_trained_stays_and_is_not_in_the_checkpoint(tmp_path: Path, tokenizer: Tokenizer) -> None:
    one = trained(tmp_path, tokenizer, 4)
    fresh = network()
    for part in ("embeddings", "encoder.layer.0", "encoder.relative_attention_bias"):
        for name, value in one.mpnet.get_submodule(part).state_dict().items():
            assert torch.equal(value, fresh.mpnet.get_submodule(part).state_dict()[name])
    kept = checkpoints.trained(one)
    assert not [name for name in kept if "embeddings" in name or "layer.0." in name]
    checkpoints.load(fresh, tmp_path / checkpoints.NEWEST)
    assert all(torch.equal(value, fresh.state_dict()[name]) for name, value in one.state_dict().items())


def test_question_and_passage_stand_apart_as_the_network_knows_it(tokenizer: Tokenizer) -> None:
    question, heading, passage = (tokenizer.encode(text, add_special_tokens=False) for text in ("when ?", "", TEXT))
    one = MPNET.read(question, heading, passage, slice(2, 5))
    assert one.ids == [CLS, *question.ids, SEP, SEP, *passage.ids[2:5], SEP]
    assert [TEXT[start:end] for start, end in one.offsets] == ["opens", "at", "six"]
    ids, _, attention = MPNET.pad([one, MPNET.read(question, heading, passage, slice(None))])
    assert ids[0][len(one.ids) :] == [PAD] * (len(ids[1]) - len(one.ids))
    assert sum(attention[0]) == len(one.ids)


def examples(folder: Path) -> None:
    for kind in ("asked", "neighbour"):
        made = [
            item.item(kind, "file", f"{kind} {i} ?", TEXT, [(20, 23)] if kind == "asked" else []) for i in range(10)
        ]
        item.write(made, folder / f"{kind}.jsonl")


def mixture(**values: object) -> Mixture:
    return Mixture.model_validate({"second_passage": 0, "shares": {"asked": 3, "neighbour": 1}} | values)


def test_kinds_come_in_their_shares_and_each_example_once_a_round(tmp_path: Path) -> None:
    examples(tmp_path)
    found = list(islice(Stream(tmp_path, mixture(), 7), 400))
    kinds = Counter(one.question.split()[0] for one in found)
    assert 260 < kinds["asked"] < 340
    asked = [one.question for one in found if one.question.startswith("asked")]
    assert len(set(asked[:10])) == len(set(asked[10:20])) == 10
    assert asked[:10] != asked[10:20]


def test_the_stream_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    examples(tmp_path)
    one, same, other = (list(islice(Stream(tmp_path, mixture(), seed), 50)) for seed in (7, 7, 8))
    assert one == same != other


def test_a_file_is_asked_as_often_as_the_configuration_says_and_a_held_out_one_never(tmp_path: Path) -> None:
    examples(tmp_path)
    more = mixture(times={"file": 2}, shares={"asked": 1})
    assert len({one.question for one in islice(Stream(tmp_path, more, 7), 11)}) < 11
    with pytest.raises(ValueError, match="nothing is left to read of asked"):
        Stream(tmp_path, mixture(held_out=["file"], shares={"asked": 1}), 7)


def test_a_passage_that_does_not_answer_stands_beside_the_one_that_does(tmp_path: Path) -> None:
    item.write([item.item("asked", "file", "when ?", TEXT, [(20, 23)])], tmp_path / "asked.jsonl")
    item.write([item.item("neighbour", "file", "when ?", "the mill .")], tmp_path / "neighbour.jsonl")
    both = mixture(second_passage=1, shares={"asked": 1, "neighbour": 0})
    (one,) = islice(Stream(tmp_path, both, 7), 1)
    assert sorted(bool(reading.spans) for reading in one.readings) == [False, True]


def test_missing_examples_name_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m training\.data make"):
        Stream(tmp_path, mixture(), 7)


def test_the_measure_knows_answers_and_doubt(tmp_path: Path, tokenizer: Tokenizer) -> None:
    held = [
        Item("held_out", "squad2_train9", Example(one.question, one.readings[:1])) for one in EXAMPLES for _ in range(3)
    ]
    item.write(held, tmp_path / "held_out.jsonl")
    item.write([], tmp_path / "twins_written.jsonl")
    figures = TeacherMeasure(tmp_path, (), tokenizer, MPNET, 10)(trained(tmp_path, tokenizer, 80).eval())
    assert figures == {
        "squad_exact_match": 1.0,
        "squad_f1": 1.0,
        "squad_auroc_span": 1.0,
        "squad_auroc_holds": 1.0,
    }


def test_an_item_is_read_as_it_was_written(tmp_path: Path) -> None:
    examples(tmp_path)
    made = list(item.read(tmp_path / "asked.jsonl"))
    item.write(made, tmp_path / "again.jsonl")
    assert list(item.read(tmp_path / "again.jsonl")) == made
    assert all(one.answerable for one in made)
