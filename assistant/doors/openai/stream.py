"""Chat completions as server-sent events."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

from assistant.answer import Answer, Citation, Sentence
from assistant.doors.openai.completion import MODEL, ChatCompletion
from assistant.doors.openai.reply import CitedReply, sentence_part


def chunks(
    parts: Iterable[Citation | Sentence | Answer],
    complete: Callable[[Answer], tuple[ChatCompletion, CitedReply]],
    *,
    footnotes: bool,
    include_usage: bool,
) -> Iterator[str]:
    """Yield the data of each event: the completion sentence by sentence, each as soon as it is checked.

    All annotations come in one delta after the text, because OpenAI's client cannot merge two lists.

    Args:
        parts: the citations and sentences as they are produced, and then the answer.
        complete: makes the completion and the reply for the answer.
        footnotes: add footnotes for clients that drop annotations.
        include_usage: end with an event with the numbers of tokens.
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
    for item in parts:
        if isinstance(item, Sentence):
            yield chunk({"content": sentence_part(item, numbers, footnotes=footnotes)})
            sent += 1
        elif isinstance(item, Answer):
            completion, reply = complete(item)
            for part in reply.parts[sent:]:
                yield chunk({"content": part})
            message = completion.choices[0].message.model_dump(mode="json")
            yield chunk({name: message[name] for name in ("annotations", "citations", "answer")})
            yield chunk({}, completion.choices[0].finish_reason)
            if include_usage:
                yield _json(head | {"choices": [], "usage": completion.usage.model_dump()})
    yield "[DONE]"


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
