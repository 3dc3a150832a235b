"""Examples for the OpenAPI document, from the seed article."""

from typing import Any

from fastapi import FastAPI

_QUESTION = "When did Kerry last speak to Lavrov?"
_QUOTE = (
    "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday, a senior State "
    "Department official said, after Kerry threatened last week to walk away from the talks."
)
_URL = (
    "http://www.news.com.au/national/northern-territory/us-ends-talks-with-russia-on-trying-to-halt-violence-in-syria"
    "/news-story/6cf02fea50078c0ac5db2fd5a995a06f"
)
_ARTICLE: dict[str, Any] = {
    "id": "66c0c3438677fd14",
    "revision": "ed7efb0c054136955558a43750367a76129c1e422b8bf9f9d6799e809b7407ee",
    "title": "US ends talks with Russia on trying to halt violence in Syria",
    "url": _URL,
    "source": "Reuters",
    "published": None,
    "authors": [],
    "language": None,
    "characters": 2640,
    "passages": 3,
    "metadata": {"title_derived_from": "url"},
}
_PLACE = {
    "article_id": _ARTICLE["id"],
    **{name: _ARTICLE[name] for name in ("revision", "title", "url", "source", "published")},
    "paragraph": 4,
    "start": 645,
    "end": 844,
    "start_utf16": 645,
    "end_utf16": 844,
    "link": "http://127.0.0.1:8000/read/66c0c3438677fd14#c=645-844",
    "source_link": f"{_URL}#:~:text=Secretary%20of%20State,from%20the%20talks.",
}
_CITATION = {"id": "2f843d723060722d", **_PLACE, "quote": _QUOTE, "verdict": "verbatim", "score": 1.0}
_PASSAGE = {
    "id": "2f843d723060722d",
    **_PLACE,
    "text": _QUOTE,
    "score": 1.39,
    "ranks": {"dense": 2, "bm25": 1, "fused": 1},
}
_STORED = {name: _CITATION[name] for name in ("article_id", "start", "end", "quote")}
_FRESH = {"status": "fresh", "start": 645, "end": 844}
_SENTENCE = {"text": _QUOTE, "start": 0, "end": 199, "citations": [_CITATION["id"]]}
_CHECKED = {
    "text": "Kerry last spoke to Lavrov on Tuesday.",
    "start": 0,
    "end": 38,
    "verdict": "contradicted",
    "score": 1.0,
    "citations": [_CITATION["id"]],
    "unsupported": [{"start": 30, "end": 37}],
}
_OUTCOME: dict[str, Any] = {
    "status": "added",
    "article_id": _ARTICLE["id"],
    "title": _ARTICLE["title"],
    "path": _URL,
    "passages": 3,
    "reason": None,
    "notices": [],
}
_JOB = {
    "id": "0c6e4d1b9f0a4f6e8f3f0e6a5a7b9c2d",
    "kind": "fetch",
    "name": _URL,
    "state": "done",
    "done": 1,
    "total": 1,
    "eta_s": None,
    "outcomes": [_OUTCOME],
    "error": None,
}
_ERROR = {
    "code": "article_not_found",
    "message": "There is no such article.",
    "expected": "the id of an article in this library",
    "got": "'nowhere'",
    "hint": "List the ids with `assistant list` or GET /articles.",
}
_URL_CITATION = {
    "url": _PLACE["source_link"],
    "title": _PLACE["title"],
    "start_index": 0,
    "end_index": 199,
    "start_utf16": 0,
    "end_utf16": 199,
}
_ANNOTATION = {"type": "url_citation", "url_citation": _URL_CITATION}
_REPLY_MESSAGE = {
    "role": "assistant",
    "content": f"{_QUOTE} [1]\n\n[1] “{_QUOTE}” {_PLACE['title']}, Reuters, paragraph 4 <{_PLACE['source_link']}>",
    "refusal": None,
    "annotations": [_ANNOTATION],
    "citations": [_CITATION],
    "answer": {"id": "caae63815b554236", "abstained": False, "reason": None, "confidence": 0.9},
}
_CHOICE = {"index": 0, "message": _REPLY_MESSAGE, "logprobs": None, "finish_reason": "stop"}
_TEXT = {
    "type": "output_text",
    "text": _REPLY_MESSAGE["content"],
    "annotations": [{**_URL_CITATION, "type": "url_citation"}],
    "logprobs": [],
}
_OUTPUT = {
    "type": "message",
    "id": "msg_5b1c3f0e8d2a4c6f9e7b0a1d2c3e4f50",
    "status": "completed",
    "role": "assistant",
    "content": [_TEXT],
    "citations": [_CITATION],
    "answer": _REPLY_MESSAGE["answer"],
}
_RESPONSE_USAGE = {"input_tokens": 9, "output_tokens": 130, "total_tokens": 139}
_USAGE = {"prompt_tokens": 9, "completion_tokens": 130, "total_tokens": 139}
_ASKED = {"role": "user", "content": _QUESTION}
_MODEL = {"id": "articles", "object": "model", "created": 0, "owned_by": "article-assistant"}
_FILTERS = {"sources": ["Reuters"], "published_after": "2016-10-01"}
_EXAMPLE = {"question": _QUESTION, "article_id": _ARTICLE["id"], "title": _ARTICLE["title"]}
_TURN = {"role": "user", "content": "Who is Lavrov?"}

EXAMPLES: dict[str, Any] = {
    "Added": {"article": _ARTICLE, "outcome": "added"},
    "Answer": {
        "id": "caae63815b554236",
        "question": _QUESTION,
        "standalone_question": _QUESTION,
        "mode": "extractive",
        "answer": _QUOTE,
        "short_answer": None,
        "abstained": False,
        "reason": None,
        "confidence": 0.9,
        "dropped_sentences": 0,
        "notices": [],
        "sentences": [_SENTENCE],
        "citations": [_CITATION],
        "passages": [_PASSAGE],
        "timings_ms": {"search": 12.5, "answer": 8.1},
    },
    "ArticleList": {"articles": [_ARTICLE], "next_cursor": None},
    "ArticleReply": _ARTICLE,
    "ArticleRequest": {
        "text": "The US has broken off talks with Russia on trying to end the violence in Syria.",
        "url": "https://example.org/us-ends-talks",
        "title": "US ends talks with Russia",
        "source": "Reuters",
        "published": "2016-10-03",
    },
    "ArticleWithText": {**_ARTICLE, "text": "The US has broken off talks with Russia …"},
    "AskRequest": {"question": _QUESTION, "top_k": 8},
    "Annotation": _ANNOTATION,
    "ArticleOptions": {"top_k": 8, "filters": _FILTERS},
    "Box": [2, 50.0, 190.5, 310.2, 202.0],
    "ChatCompletion": {
        "id": "chatcmpl-5b1c3f0e8d2a4c6f9e7b0a1d2c3e4f50",
        "object": "chat.completion",
        "created": 1475539200,
        "model": "articles",
        "choices": [_CHOICE],
        "usage": _USAGE,
    },
    "ChatMessage": _ASKED,
    "ChatRequest": {"model": "articles", "messages": [_ASKED]},
    "CheckReply": {"sentences": [_CHECKED], "citations": [{**_CITATION, "verdict": "contradicted"}]},
    "CheckRequest": {"text": _CHECKED["text"]},
    "CheckedSentence": _CHECKED,
    "Choice": _CHOICE,
    "Citation": _CITATION,
    "ContentPart": {"text": _QUESTION},
    "ErrorDetail": _ERROR,
    "ErrorReply": {"error": _ERROR},
    "ExampleQuestion": _EXAMPLE,
    "ExamplesReply": {"examples": [_EXAMPLE]},
    "Filters": _FILTERS,
    "Health": {"status": "ready"},
    "InputItem": {"type": "message", **_ASKED},
    "Job": _JOB,
    "JobList": {"jobs": [_JOB]},
    "Message": _TURN,
    "ModelCard": _MODEL,
    "ModelList": {"object": "list", "data": [_MODEL]},
    "Outcome": _OUTCOME,
    "OutputMessage": _OUTPUT,
    "OutputText": _TEXT,
    "Passage": _PASSAGE,
    "ReplyMessage": _REPLY_MESSAGE,
    "ResponseBody": {
        "id": "resp_5b1c3f0e8d2a4c6f9e7b0a1d2c3e4f50",
        "object": "response",
        "created_at": 1475539200,
        "status": "completed",
        "model": "articles",
        "output": [_OUTPUT],
        "usage": _RESPONSE_USAGE,
    },
    "ResponseUsage": _RESPONSE_USAGE,
    "ResponsesRequest": {"model": "articles", "input": _QUESTION},
    "LikeReply": {"article_id": _ARTICLE["id"], "passages": [_PASSAGE]},
    "SearchReply": {"query": "Kerry Lavrov", "passages": [_PASSAGE]},
    "SearchRequest": {"query": "Kerry Lavrov", "top_k": 5, "filters": _FILTERS},
    "Sentence": _SENTENCE,
    "SignInRequest": {"key": "aak_…"},
    "Span": {"start": 30, "end": 37},
    "StoredCitation": _STORED,
    "StreamOptions": {"include_usage": True},
    "TextAnnotation": {**_URL_CITATION, "type": "url_citation"},
    "TextOptions": {"format": {"type": "text"}},
    "UrlCitation": _URL_CITATION,
    "Usage": _USAGE,
    "Verification": _FRESH,
    "VerifyReply": {"results": [_FRESH]},
    "VerifyRequest": {"citations": [_STORED]},
}


def add_examples(app: FastAPI) -> None:
    """Add an example to every schema of the application's OpenAPI document."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        for name, example in EXAMPLES.items():
            document["components"]["schemas"][name]["examples"] = [example]
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI documents
