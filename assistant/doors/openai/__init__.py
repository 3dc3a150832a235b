"""OpenAI's Chat Completions format: from a request to a question, and from an answer to a completion."""

from assistant.doors.openai.completion import MODEL, ChatCompletion, ModelCard, ModelList
from assistant.doors.openai.request import ChatRequest
from assistant.doors.openai.stream import chunks

__all__ = ["MODEL", "ChatCompletion", "ChatRequest", "ModelCard", "ModelList", "chunks"]
