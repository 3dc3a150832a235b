"""A chat completion as the events of a stream."""

import json
from collections.abc import Iterator
from typing import Any

from assistant.openai.completion import ChatCompletion
from assistant.openai.reply import Reply


def chunks(completion: ChatCompletion, reply: Reply, *, include_usage: bool) -> Iterator[str]:
    """The completion sentence by sentence; every one was proved before the first is sent.

    The annotations come whole in one delta after the text, as OpenAI sends them: its client refuses to join two lists.
    """
    head = completion.model_dump(include={"id", "created", "model"}) | {"object": "chat.completion.chunk"}
    usage = {"usage": None} if include_usage else {}

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _event(head | {"choices": [choice]} | usage)

    message = completion.choices[0].message.model_dump(mode="json")
    yield chunk({"role": message["role"], "content": "", "refusal": None})
    for part in reply.parts:
        yield chunk({"content": part})
    yield chunk({name: message[name] for name in ("annotations", "citations", "answer")})
    yield chunk({}, completion.choices[0].finish_reason)
    if include_usage:
        yield _event(head | {"choices": [], "usage": completion.usage.model_dump()})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
