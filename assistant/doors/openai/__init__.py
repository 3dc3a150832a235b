"""OpenAI's Chat Completions and Responses formats: from a request to a question, and from an answer to a reply."""

from assistant.doors.openai.completion import MODEL, ChatCompletion, ModelCard, ModelList
from assistant.doors.openai.request import ChatRequest, ResponsesRequest
from assistant.doors.openai.response import ResponseBody
from assistant.doors.openai.response_stream import response_events
from assistant.doors.openai.stream import chunks

__all__ = [
    "MODEL",
    "ChatCompletion",
    "ChatRequest",
    "ModelCard",
    "ModelList",
    "ResponseBody",
    "ResponsesRequest",
    "chunks",
    "response_events",
]
