"""One wire story on two sites: an answer cites one of them and names the other."""

import json
from pathlib import Path

from assistant import Assistant
from assistant.settings import Settings
from assistant.sources import read_text
from embeddings.encoder import Encoder
from embeddings.library import Library

STORY = (
    "The pier of Lindholm will be rebuilt next spring, the harbour board said on Monday. "
    "The new pier costs 4 million crowns. Boats land at the fish market until then."
)


def test_an_answer_and_a_search_cite_one_and_name_the_other_until_it_is_removed(
    tmp_path: Path, minilm: Encoder
) -> None:
    with Assistant(Library.open(tmp_path, minilm), Settings(reader="small")) as assistant:
        both = {
            assistant.add_article(read_text(text, title="Pier", url=url)).article_id
            for text, url in ((STORY, "https://a.example.org/1"), (f"Lindholm: {STORY}", "https://b.example.org/2"))
        }
        answer = assistant.ask("How much does the new pier cost?")
        (passage,) = assistant.search("new pier")
        assert len(answer.passages) == 1
        for cited in (*answer.citations, passage):
            assert {cited.article_id, *cited.also} == both
            assert json.loads(cited.model_dump_json())["also"] == list(cited.also)
        assistant.remove(*passage.also)
        assert [one.also for one in assistant.ask("How much does the new pier cost?").citations] == [()]
