"""A LangChain agent that asks the articles. Its model is a script, so no key is needed; put a real one in its place."""

from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage

from assistant import Assistant, langchain_tools

QUESTION = "When did Kerry last speak to Lavrov?"


class Script(GenericFakeChatModel):
    """A model that says what it is told to."""

    def bind_tools(self, *_: object, **__: object) -> "Script":
        """Take any tools: the script knows which one it calls."""
        return self


call = {"name": "ask_articles", "args": {"question": QUESTION}, "id": "call_1"}
model = Script(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("They last spoke on Saturday.")]))

with Assistant.open() as assistant:
    assistant.add("seeds")
    agent = create_agent(model, langchain_tools(assistant))
    messages = agent.invoke({"messages": [("user", QUESTION)]})["messages"]

print(messages[-1].content)
for message in messages:
    if isinstance(message, ToolMessage):
        for citation in message.artifact.citations:  # the artifact is the Answer itself
            print(f"article {citation.article_id}[{citation.start}:{citation.end}] == {citation.quote!r}")
