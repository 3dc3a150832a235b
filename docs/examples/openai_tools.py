"""Give the articles to a model of OpenAI's as tools. The model's turn is written down here, so no key is needed."""

import json

from openai.types.chat import ChatCompletionMessage

from assistant import Assistant, openai_tools, run_openai_tool_call

# What client.chat.completions.create(…, tools=openai_tools()).choices[0].message would be:
wanted = ChatCompletionMessage.model_validate(
    {
        "role": "assistant",
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {
                    "name": "ask_articles",
                    "arguments": '{"question": "When did Kerry last speak to Lavrov?"}',
                },
            }
        ],
    }
)

with Assistant.open() as assistant:
    assistant.add("seeds")
    print("Tools:", ", ".join(tool["function"]["name"] for tool in openai_tools()))
    for tool_call in wanted.tool_calls:
        message = run_openai_tool_call(assistant, tool_call)  # append it to the messages and ask the model again
        answer = json.loads(message["content"])
        for citation in answer["citations"]:
            print(f"article {citation['article_id']}[{citation['start']}:{citation['end']}] == {citation['quote']!r}")
