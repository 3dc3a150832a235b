"""A chat completion as the events of a stream."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

from assistant.answer import Answer, Citation, Sentence
from assistant.doors.openai.completion import MODEL, ChatCompletion
from assistant.doors.openai.reply import CitedReply, part


def chunks(
    answering: Iterable[Citation | Sentence | Answer],
    complete: Callable[[Answer], tuple[ChatCompletion, CitedReply]],
    *,
    footnotes: bool,
    include_usage: bool,
) -> Iterator[str]:
    """The data of each event: the completion sentence by sentence, each as soon as it was proved.

    The annotations come whole in one delta after the text, as OpenAI sends them: its client refuses to join two lists.
    """
    head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}
    head |= {"object": "chat.completion.chunk"}
    usage = {"usage": None} if include_usage else {}

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _json(head | {"choices": [choice]} | usage)

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    numbers: dict[str, int] = {}
    sent = 0
    for one in answering:
        if isinstance(one, Sentence):
            yield chunk({"content": part(one, numbers, footnotes=footnotes)})
            sent += 1
        elif isinstance(one, Answer):
            completion, reply = complete(one)
            for rest in reply.parts[sent:]:
                yield chunk({"content": rest})
            message = completion.choices[0].message.model_dump(mode="json")
            yield chunk({name: message[name] for name in ("annotations", "citations", "answer")})
            yield chunk({}, completion.choices[0].finish_reason)
            if include_usage:
                yield _json(head | {"choices": [], "usage": completion.usage.model_dump()})
    yield "[DONE]"


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
