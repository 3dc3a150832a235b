"""Responses as server-sent events."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from assistant.answer import Answer, Citation, Sentence
from assistant.doors.openai.completion import Usage
from assistant.doors.openai.reply import CitedReply, sentence_part
from assistant.doors.openai.response import ResponseBody


def response_events(
    parts: Iterable[Citation | Sentence | Answer],
    complete: Callable[[Answer], tuple[CitedReply, Usage]],
    *,
    footnotes: bool,
) -> Iterator[dict[str, str]]:
    """Yield the events: the text sentence by sentence, each as soon as it is checked, and then its annotations.

    Args:
        parts: the citations and sentences as they are produced, and then the answer.
        complete: makes the reply for the answer, and counts its tokens.
        footnotes: add footnotes for clients that drop annotations.
    """
    numbers = count()

    def event(name: str, **fields: Any) -> dict[str, str]:
        data = {"type": f"response.{name}", "sequence_number": next(numbers), **fields}
        return {"event": data["type"], "data": json.dumps(data, ensure_ascii=False)}

    body = ResponseBody.begun()
    item = {"type": "message", "id": body.message_id, "role": "assistant", "status": "in_progress", "content": []}
    place = {"item_id": body.message_id, "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    yield event("created", response=body.dumped())
    yield event("in_progress", response=body.dumped())
    yield event("output_item.added", output_index=0, item=item)
    yield event("content_part.added", **place, part=part)
    markers: dict[str, int] = {}
    sent = 0
    for one in parts:
        if isinstance(one, Sentence):
            yield event(
                "output_text.delta", **place, delta=sentence_part(one, markers, footnotes=footnotes), logprobs=[]
            )
            sent += 1
        elif isinstance(one, Answer):
            reply, usage = complete(one)
            for rest in reply.parts[sent:]:
                yield event("output_text.delta", **place, delta=rest, logprobs=[])
            response = body.completed(one, reply, usage).dumped()
            (item,) = response["output"]
            (part,) = item["content"]
            for index, annotation in enumerate(part["annotations"]):
                yield event("output_text.annotation.added", **place, annotation_index=index, annotation=annotation)
            yield event("output_text.done", **place, text=part["text"], logprobs=[])
            yield event("content_part.done", **place, part=part)
            yield event("output_item.done", output_index=0, item=item)
            yield event("completed", response=response)
