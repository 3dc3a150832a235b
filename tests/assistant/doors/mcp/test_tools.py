import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import anyio
import pytest
from mcp import Client, MCPError
from mcp_types import TextContent

import prompts
from assistant import Article, Assistant, Filters, Settings
from assistant.doors.abstention import answer_text
from assistant.doors.http.startup import Startup
from assistant.doors.mcp import create_server
from assistant.doors.mcp.replies import MAX_PORTION
from tests.assistant.doors.mcp.calls import call, refusal, text_of, told

pytestmark = pytest.mark.anyio

QUESTION = "When did Kerry last speak to Lavrov?"
TOOLS = ["ask_articles", "search_articles", "check_text", "list_articles", "get_article", "verify_citations"]
TOOLS += ["search", "fetch"]
STORED = {"article_id": "a", "start": 0, "end": 1, "quote": "x"}
CUT_AT = 2048  # bytes of a description, after which some clients truncate it


@pytest.fixture(scope="module")
def long(assistant: Assistant) -> Iterator[Article]:
    """An article of more than one portion with one unique sentence."""
    sentences = [f"The bridge has {number} rivets of iron." for number in range(600)]
    sentences[300] = "A heron nests upon the eastern tower."
    article = Article.create("\n\n".join(sentences), title="The bridge", source="Bridges")
    assistant.add_article(article)
    yield article
    assistant.remove(article.id)


async def test_an_answer_cites_the_exact_characters_of_the_article(client: Client) -> None:
    answer = await call(client, "ask_articles", question=QUESTION, details=True)
    assert "on Saturday" in answer["answer"]
    assert (answer["abstained"], answer["reason"]) == (False, None)
    for citation in answer["citations"]:
        text = await text_of(client, citation["article_id"])
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    cited = {citation["id"] for citation in answer["citations"]}
    assert all(set(sentence["citations"]) <= cited for sentence in answer["sentences"])


async def test_a_short_answer_has_each_sentence_its_citations_titles_and_links(
    client: Client, assistant: Assistant
) -> None:
    answer = assistant.ask(QUESTION)
    assert await call(client, "ask_articles", question=QUESTION) == {
        "abstained": False,
        "confidence": round(answer.confidence or 0, 2),
        "sentences": [{"text": one.text, "citations": list(one.citations)} for one in answer.sentences],
        "citations": [{"id": one.id, "title": one.title, "link": one.link} for one in answer.citations],
    }


async def test_details_are_the_answer_of_http_without_passages(client: Client, assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION).model_dump(mode="json")
    reply = await call(client, "ask_articles", question=QUESTION, details=True)
    assert reply == {name: answer[name] for name in reply}
    assert reply["citations"]
    assert "passages" not in reply


async def test_an_abstention_says_why(client: Client) -> None:
    answer = await call(client, "ask_articles", question="How long does sourdough bread bake?")
    assert answer["abstained"]
    assert answer["reason"] in {"no_relevant_passage", "not_answered_by_passages"}
    assert "Looked for: “How long does sourdough bread bake?” Nearest: “" in answer["answer"]
    assert answer.keys() == {"abstained", "reason", "answer", "confidence"}


async def test_the_text_of_a_result_is_the_same_json(client: Client) -> None:
    result = await client.call_tool("ask_articles", {"question": QUESTION})
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert json.loads(content.text) == result.structured_content


async def test_the_details_of_search_articles_are_those_of_http(client: Client, assistant: Assistant) -> None:
    reply = await call(client, "search_articles", query="Kerry Lavrov", top_k=2, details=True)
    assert reply["passages"] == [one.model_dump(mode="json") for one in assistant.search("Kerry Lavrov", top_k=2)]


async def test_what_a_model_pays_for_the_tools_and_their_replies_is_bounded(
    client: Client, assistant: Assistant, seed: Filters
) -> None:
    tools = (await client.list_tools()).tools
    assert len("".join(tool.model_dump_json(by_alias=True, exclude_none=True) for tool in tools)) <= 6 * 1024
    for question in (QUESTION, "What did Kirby say?", "How many people were displaced?", "How is bread baked?"):
        answer = assistant.ask(question)
        text = answer_text(answer)
        reply = await told(client, "ask_articles", question=question)
        assert len(reply) <= len(text) + 160 * len(answer.citations) + 200
        passages = assistant.search(question, filters=seed)
        reply = await told(client, "search_articles", query=question, filters=seed.model_dump(mode="json"))
        assert len(reply) <= 1.3 * sum(len(passage.text) for passage in passages)
        assert reply.count(json.dumps(passages[0].title)) == 1


@pytest.mark.parametrize("most", [500, 700, 2000])
async def test_a_reply_is_no_longer_than_max_characters(client: Client, assistant: Assistant, most: int) -> None:
    reply = await told(client, "search_articles", query="Kerry Lavrov", max_characters=most)
    assert len(reply) <= most
    found = json.loads(reply)
    assert len(found["passages"]) + found.get("left_out", 0) == len(assistant.search("Kerry Lavrov"))
    for passage in found["passages"]:
        article_id, start, end = re.search(r"/read/(\w+)#c=(\d+)-(\d+)$", passage["link"]).groups()  # type: ignore[union-attr]
        assert assistant.get(article_id).text[int(start) : int(end)] == passage["text"]
    assert len(await told(client, "ask_articles", question=QUESTION, max_characters=500)) <= 500


async def test_a_text_is_checked_sentence_by_sentence(client: Client) -> None:
    true = "Putin suspended a treaty with Washington on cleaning up weapons-grade plutonium."
    false = "The civil war has killed hundreds of thousands and displaced 12 million."
    reply = await call(client, "check_text", text=f"{true} {false} Bread is baked.")
    verdicts = [(one["verdict"], one.get("unsupported")) for one in reply["sentences"]]
    assert verdicts == [("supported", None), ("contradicted", ["12 million"]), ("not_found", ["Bread", "baked"])]
    assert [one["citations"] for one in reply["sentences"][:2]] == [[one["id"]] for one in reply["citations"]]
    assert "displaced 11 million" in reply["citations"][1]["quote"]


async def test_articles_are_listed_and_searched_by_title_and_source(client: Client, long: Article) -> None:
    (found,) = (await call(client, "list_articles", q="BRIDGE bridges"))["articles"]
    assert found == {"id": long.id, "title": "The bridge", "source": "Bridges"}
    page = await call(client, "list_articles", limit=1)
    assert (len(page["articles"]), "next_cursor" in page) == (1, True)
    assert (await call(client, "list_articles", q="no such"))["articles"] == []


async def test_an_unknown_source_is_refused_with_the_nearest_ones(client: Client, long: Article) -> None:
    text = await refusal(client, "ask_articles", question=QUESTION, filters={"sources": ["Reuter"]})
    assert "'Reuters'" in text
    known = await call(client, "ask_articles", question=QUESTION, filters={"sources": ["Reuter", "Reuters"]})
    assert "'Reuter'" in known["notices"][0]


async def test_filters_may_come_as_an_object_or_as_json(client: Client, long: Article) -> None:
    for filters in ({"sources": ["Bridges"]}, '{"sources": ["Bridges"]}'):
        found = await call(client, "search_articles", query="Kerry Lavrov", filters=filters, details=True)
        assert {passage["source"] for passage in found["passages"]} == {"Bridges"}


async def test_a_part_of_an_article_is_read_by_its_offsets(client: Client, long: Article) -> None:
    part = await call(client, "get_article", article_id=long.id, start=100, end=250)
    assert (part["start"], part["end"], part["text"]) == (100, 250, long.text[100:250])
    assert (part["title"], part["characters"], part["revision"]) == ("The bridge", len(long.text), long.revision)


async def test_a_long_article_is_read_portion_by_portion(client: Client, long: Article) -> None:
    text, end = "", 0
    while end < len(long.text):
        part = await call(client, "get_article", article_id=long.id, start=end)
        assert len(part["text"]) <= MAX_PORTION
        assert part["start"] == end
        text, end = text + part["text"], part["end"]
    assert text == long.text


async def test_stored_citations_are_verified_in_their_order(client: Client) -> None:
    (citation,) = (await call(client, "ask_articles", question=QUESTION, details=True))["citations"]
    shifted = {**citation, "start": citation["start"] + 5, "end": citation["end"] + 5}
    gone = {**citation, "article_id": "nothing"}
    reply = await call(client, "verify_citations", citations=[gone, shifted, citation])
    assert [result["status"] for result in reply["results"]] == ["deleted", "moved", "fresh"]
    assert reply["results"][1]["start"] == citation["start"]


async def test_fetch_returns_the_article_of_a_search_result(client: Client, assistant: Assistant) -> None:
    results = (await call(client, "search", query=QUESTION))["results"]
    passages = assistant.search(QUESTION)
    assert [list(result) for result in results] == [["id", "title", "url"]] * len(passages)
    for result, passage in zip(results, passages, strict=True):
        document = await call(client, "fetch", id=result["id"])
        assert list(document) == ["id", "title", "text", "url", "metadata"]
        assert document["id"] == result["id"]
        assert document["url"] == result["url"] == passage.source_link or passage.link
        facts = document["metadata"]
        assert passage.text == document["text"][facts["passage_start"] - facts["start"] :][: len(passage.text)]


async def test_fetch_reads_around_the_passage_of_a_long_article(client: Client, long: Article) -> None:
    start = long.text.index("A heron")
    document = await call(client, "fetch", id=f"{long.id}:{start}-{start + 37}")
    facts = document["metadata"]
    assert len(document["text"]) == MAX_PORTION
    assert document["text"] == long.text[facts["start"] : facts["end"]]
    assert "A heron nests upon the eastern tower." in document["text"]
    assert document["url"].endswith(f"/read/{long.id}#c={start}-{start + 37}")


async def test_fetch_takes_the_id_of_an_article(client: Client, long: Article) -> None:
    document = await call(client, "fetch", id=long.id)
    assert document["text"] == long.text[:MAX_PORTION]
    assert document["url"].endswith(f"/read/{long.id}")


async def test_every_tool_is_listed_with_its_schemas_and_hints(client: Client) -> None:
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.title
        assert tool.output_schema
        assert tool.output_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert all("description" in argument for argument in tool.input_schema["properties"].values())
        hints = tool.annotations
        assert hints
        assert (hints.read_only_hint, hints.idempotent_hint) == (True, True)
        assert (hints.destructive_hint, hints.open_world_hint) == (False, False)


async def test_descriptions_come_from_the_prompts_and_are_short_enough(client: Client) -> None:
    assert client.instructions == prompts.load("mcp").text
    assert len((client.instructions or "").encode()) < CUT_AT
    for tool in (await client.list_tools()).tools:
        assert tool.description == prompts.load(tool.name).text
        assert len(tool.description.encode()) < CUT_AT


async def test_the_descriptions_do_not_grow_with_the_library(client: Client, long: Article, tmp_path: Path) -> None:
    with Assistant.open(tmp_path) as empty:
        async with Client(create_server(lambda: empty)) as other:
            assert (await other.list_tools()).tools == (await client.list_tools()).tools


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask_articles", {}, "`question` is not right. Expected a value; got nothing."),
        ("ask_articles", {"question": " "}, "at least 1 character; got ' '"),
        ("ask_articles", {"question": "x" * 2001}, "at most 2000 characters"),
        ("ask_articles", {"question": "Who \ud800?"}, "unable to parse raw data as a unicode string"),
        ("get_article", {"article_id": "\ud800"}, "unable to parse raw data as a unicode string"),
        (
            "ask_articles",
            {"question": "x", "sources": ["Reuters"]},
            "question, top_k, filters, details, max_characters; got sources",
        ),
        ("search_articles", {"query": "x", "top_k": 51}, "less than or equal to 50; got 51"),
        ("get_article", {"article_id": "nothing"}, "There is no such article."),
        ("fetch", {"id": "nothing:1-2"}, "There is no such article."),
        ("verify_citations", {"citations": [{**STORED, "article_id": "\ud800"}]}, "half of a character"),
        ("verify_citations", {"citations": []}, "at least 1 item"),
        ("verify_citations", {"citations": [{"article_id": "a"}]}, "`citations.0.start`"),
    ],
)
async def test_an_error_says_what_was_expected_and_what_came(
    client: Client, tool: str, arguments: dict[str, object], said: str
) -> None:
    text = await refusal(client, tool, **arguments)
    assert said in text
    assert "Expected " in text
    assert "; got " in text
    assert "Traceback" not in text


@pytest.mark.parametrize(("start", "end"), [(100, 100), (100, 50), (10**8, None)])
async def test_a_part_that_is_not_there_is_an_error(client: Client, long: Article, start: int, end: int | None) -> None:
    text = await refusal(client, "get_article", article_id=long.id, start=start, end=end)
    assert f"start {start}, end {end}" in text
    assert str(len(long.text)) in text


@pytest.mark.parametrize("span", ["5-5", "9-5", "0-99999999"])
async def test_a_passage_that_is_not_there_is_an_error(client: Client, long: Article, span: str) -> None:
    assert "search again" in await refusal(client, "fetch", id=f"{long.id}:{span}")


async def test_a_missing_article_is_an_unknown_resource(client: Client) -> None:
    with pytest.raises(MCPError, match="There is no such article") as raised:
        await client.read_resource("article://nothing")
    assert raised.value.error.code == -32602


async def test_articles_are_offered_as_a_template(client: Client) -> None:
    (template,) = (await client.list_resource_templates()).resource_templates
    assert (template.uri_template, template.mime_type) == ("article://{article_id}", "text/plain")


async def test_calls_wait_for_the_library_while_the_server_answers(assistant: Assistant) -> None:
    asked, opened = Event(), Event()

    def opening() -> Assistant:
        asked.set()
        opened.wait(60)
        return assistant

    answers = []
    async with Client(create_server(opening)) as client, anyio.create_task_group() as tasks:

        async def ask() -> None:
            answers.append(await call(client, "ask_articles", question=QUESTION))

        tasks.start_soon(ask)
        await anyio.to_thread.run_sync(asked.wait)
        assert len((await client.list_tools()).tools) == len(TOOLS)
        assert not answers
        opened.set()
    assert "on Saturday" in answers[0]["sentences"][0]["text"]


async def test_the_model_gets_the_error_if_the_library_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"this was a database once" * 400)
    opening = Startup(Settings(library=tmp_path), None)
    async with Client(create_server(opening.wait)) as client:
        text = await refusal(client, "ask_articles", question=QUESTION)
    assert "Expected " in text
    assert str(tmp_path) in text
