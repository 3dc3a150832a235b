"""Give the articles to Claude as tools, and follow its citations. Its turns are written down here: no key is needed."""

from anthropic.types import CitationsSearchResultLocation, ToolUseBlock

from assistant import Assistant, anthropic_tools, run_anthropic_tool_use, spans_of

# What client.messages.create(…, tools=anthropic_tools()) would hold when Claude wants to search:
wanted = ToolUseBlock(
    type="tool_use", id="toolu_1", name="search_articles", input={"query": "Kerry Lavrov talks", "top_k": 1}
)

with Assistant.open() as assistant:
    assistant.add("seeds")
    print("Tools:", ", ".join(tool["name"] for tool in anthropic_tools()))
    result = run_anthropic_tool_use(assistant, wanted)  # send it back as {"role": "user", "content": [result]}
    (found,) = result["content"]
    print(f"{found['type']} with {len(found['content'])} sentences from {found['source']}")

    # Claude cites blocks; each is a sentence. This is the citation it would write of the passage's second one:
    cited = CitationsSearchResultLocation(
        type="search_result_location",
        source=found["source"],
        title=found["title"],
        search_result_index=0,
        start_block_index=1,
        end_block_index=2,
        cited_text=found["content"][1]["text"],
    )
    for span in spans_of(assistant, cited):
        print(f"article {span.article_id}[{span.start}:{span.end}] == {span.quote!r}")
