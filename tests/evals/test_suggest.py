from embeddings.text.article import Article
from evals.suggest import BLANK, suggest

TEXT = """The harbour of Ormsund was opened on 3 November 1902 by the old king. It was enlarged twice.

Since then about 4,200 people have worked there. The first harbour master was called Oddvar Fjellkvist, and he stayed.

Short, 12. Nobody knows why it was built where it was built."""


def test_every_suggestion_is_answered_by_its_span() -> None:
    article = Article.create(TEXT, title="Harbour")
    drafts = suggest([article], 10)
    assert {draft.question.answers[0] for draft in drafts} == {"3 November 1902", "4,200", "Oddvar Fjellkvist"}
    for draft in drafts:
        quote = article.text[draft.span.start : draft.span.end]
        assert quote == draft.question.quote
        cloze = draft.question.question.partition(": ")[2]
        assert cloze.replace(BLANK, draft.question.answers[0]) == quote
        assert draft.question.article_id == article.id


def test_suggestions_are_reproducible_and_distinct() -> None:
    articles = [Article.create(TEXT, title="One", path="1"), Article.create(TEXT, title="Two", path="2")]
    drafts = suggest(articles, 4)
    assert drafts == suggest(articles, 4)
    questions = [draft.question.question for draft in suggest(articles, 100)]
    assert len(questions) == len(set(questions)) == 3


def test_there_are_at_most_as_many_suggestions_as_requested() -> None:
    assert len(suggest([Article.create(TEXT)], 2)) == 2
    assert suggest([], 5) == []
