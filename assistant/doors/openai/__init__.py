"""The assistant in the shapes of OpenAI's Chat Completions: a request becomes a question, an answer a completion."""

from assistant.doors.openai.completion import MODEL, ChatCompletion, ModelCard, ModelList
from assistant.doors.openai.request import ChatRequest
from assistant.doors.openai.stream import chunks

__all__ = ["MODEL", "ChatCompletion", "ChatRequest", "ModelCard", "ModelList", "chunks"]
