"""Answers questions about articles; every sentence of an answer points at the exact characters that support it."""

from assistant.answer import Answer, Citation, Passage, Sentence
from assistant.assistant import Assistant
from assistant.request import Message
from assistant.settings import Settings
from embeddings.article import Article, Span
from embeddings.errors import ArticleAssistantError
from embeddings.filters import Filters

__all__ = [
    "Answer",
    "Article",
    "ArticleAssistantError",
    "Assistant",
    "Citation",
    "Filters",
    "Message",
    "Passage",
    "Sentence",
    "Settings",
    "Span",
]
