"""An untrained model built as multilingual ones are: a Unigram tokenizer of pieces in all scripts, and prompts."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from embeddings.encoder import Encoder, load_encoder
from embeddings.library import Library
from embeddings.text.article import Article

GERMAN = "Die Brücke über den Fluss wurde am Montag eröffnet. Sie kostete 40 Millionen Kronen."
CHINESE = "大桥于星期一通车。造价四千万克朗。"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("models") / "multilingual"
    pieces = sorted({"▁", *GERMAN, *CHINESE, "▁Die", "▁Brücke", "大桥", *"querypassage:"} - {" "})
    unigram = models.Unigram([*((piece, 0.0) for piece in SPECIAL), *((piece, -3.0) for piece in pieces)], unk_id=3)
    tokenizer = Tokenizer(unigram)
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names, model_max_length=64).save_pretrained(folder)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    network = BertConfig(vocab_size=len(SPECIAL) + len(pieces), max_position_embeddings=64, pad_token_id=1, **shape)
    BertModel(network).save_pretrained(folder)
    prompts = {"query": "query: ", "document": "passage: "}
    modules = [Transformer(str(folder), max_seq_length=64), Pooling(16, "mean")]
    SentenceTransformer(modules=modules, prompts=prompts).save(str(folder / "saved"))
    return load_encoder(str(folder / "saved"))


def test_its_prompts_pooling_and_dimension_are_read(multilingual: Encoder) -> None:
    fingerprint = multilingual.fingerprint
    assert (fingerprint.dimension, fingerprint.pooling) == (16, "mean")
    assert fingerprint.prefix == {"query": "query: ", "passage": "passage: "}


@pytest.mark.parametrize("text", [GERMAN, CHINESE, "ﬁ ½ 👩‍👩‍👧"], ids=["German", "Chinese", "normalised signs"])
def test_its_tokens_are_counted_in_code_points_of_the_text(multilingual: Encoder, text: str) -> None:
    tokens = multilingual.tokens(text)
    assert all(0 <= start <= end <= len(text) for start, end in tokens)
    assert {place for start, end in tokens for place in range(start, end)} >= {
        place for place, character in enumerate(text) if not character.isspace()
    }


def test_articles_in_two_scripts_are_found_at_their_places(multilingual: Encoder, tmp_path: Path) -> None:
    articles = [Article.create(GERMAN * 9, title="Brücke"), Article.create(CHINESE * 9, title="大桥")]
    with closing(Library.open(tmp_path, multilingual)) as library:
        assert [outcome.status for outcome in library.add(articles)] == ["added", "added"]
        for article, query in zip(articles, ("Millionen Kronen", "星期一通车"), strict=True):
            hit = library.search(query, top_k=1, by="bm25")[0]
            assert hit.article.id == article.id
            text = hit.passage.span.cut(article.text)
            assert text in article.text
            assert len(multilingual.tokens(text)) <= multilingual.window
            vector = multilingual.encode([text], "passage")
            assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)
