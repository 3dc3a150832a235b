"""The assistant in the shapes of OpenAI's Chat Completions: a request becomes a question, an answer a completion."""

from assistant.openai.completion import MODEL, ChatCompletion, ModelCard, ModelList
from assistant.openai.request import ChatRequest
from assistant.openai.stream import chunks

__all__ = ["MODEL", "ChatCompletion", "ChatRequest", "ModelCard", "ModelList", "chunks"]
