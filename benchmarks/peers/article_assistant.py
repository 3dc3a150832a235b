"""This project: each passage is an article, stored and searched by vectors and BM25, with its place and links."""

from collections.abc import Sequence

from assistant import Article, Assistant, Settings


class ArticleAssistantIndex:
    """An assistant's library; the model is the one that is installed with it."""

    def __init__(self, model: str, folder: str) -> None:
        self._assistant = Assistant.open(settings=Settings(library=folder, reader="off"))
        self._numbers: dict[str, int] = {}
        self._assistant.library.encoder.encode(["ready"], "query")

    def add(self, passages: Sequence[str]) -> None:
        articles = [Article.create(text, title="", url=f"https://example.org/{i}") for i, text in enumerate(passages)]
        self._numbers = {article.id: number for number, article in enumerate(articles)}
        for _ in self._assistant.library.add(articles):
            pass

    def search(self, question: str, k: int) -> Sequence[int]:
        return [self._numbers[one.article_id] for one in self._assistant.search(question, top_k=k)]


open_index = ArticleAssistantIndex
