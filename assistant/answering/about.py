"""Replies about the assistant and its articles as such: plain sentences that say nothing from an article's text."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.catalogue import Catalogue, Listing
from assistant.conversation.intent import Intent, IntentKind
from assistant.request import AskRequest
from embeddings.retrieval.search import Hit
from embeddings.text.article import Entry

MAX_NAMED = 5  # titles in a sentence
NOTICE = "This reply is about the assistant or its articles as such; it is not taken from the text of an article."

_SMALL_TALK: dict[IntentKind, str] = {
    "greeting": "Hello. {articles}",
    "thanks": "You are welcome.",
    "farewell": "Goodbye.",
    "identity": "I am an assistant that answers questions about articles: each sentence of an answer cites the exact "
    "characters that support it, and where the articles do not say, I say so.",
    "abilities": "I answer questions with cited sentences of the articles, sum up an article, and tell which articles "
    "mention a name. {articles}",
    "collection": "{articles}",
}


class AboutReply(NamedTuple):
    """A plain text, and a passage of each article that it names."""

    text: str
    hits: Sequence[Hit] = ()


def about(intent: Intent, request: AskRequest, catalogue: Catalogue) -> AboutReply | None:
    """Return the reply to a message with an intent; None if the intent is not certain and names no article.

    The reply to a request for a digest asks which article is meant.
    """
    if form := _SMALL_TALK.get(intent.kind):
        listing = catalogue.listed(request.filters, min(MAX_NAMED, request.top_k))
        return AboutReply(form.format(articles=_contents(listing, request)), listing.hits if "{" in form else ())
    if intent.kind == "mentions":
        return _mentions(intent.subject, catalogue.mentioning(intent.subject, request.filters, request.top_k))
    article_id = catalogue.find(intent, request)
    if hits := catalogue.passages(article_id, 1) if article_id else []:
        return AboutReply(_metadata(intent.kind, hits[0].article), hits)
    if intent.subject and not intent.certain:
        return None
    if intent.subject:
        return AboutReply(f"There is no article with the title “{intent.subject}”.")
    listing = catalogue.listed(request.filters, min(MAX_NAMED, request.top_k))
    return AboutReply(f"Which article do you mean? {_contents(listing, request)}", listing.hits)


def _contents(listing: Listing, request: AskRequest) -> str:
    """Return a sentence that says how many articles there are, and names some."""
    if not listing.total:
        return "No article passes the filters." if request.filters else "There are no articles in the library yet."
    if listing.total == 1:
        return f"There is one article here: {_titles(listing.hits)}."
    some = "" if listing.total == len(listing.hits) else ", for example"
    return f"There are {_number(listing)} articles here{some or ':'} {_titles(listing.hits)}."


def _mentions(words: str, listing: Listing) -> AboutReply:
    if not listing.total:
        return AboutReply(f"No article mentions “{words}” in these words.")
    named = listing.hits[:MAX_NAMED]
    verb = "article mentions" if listing.total == 1 else "articles mention"
    some = "" if len(named) == listing.total else ", for example"
    return AboutReply(f"{_number(listing)} {verb} “{words}”{some or ':'} {_titles(named)}.", named)


def _metadata(kind: IntentKind, article: Entry) -> str:
    title = f"“{article.title}”"
    if kind == "published":
        if day := article.published:
            return f"{title} was published on {day.day} {day:%B %Y}."
        return f"No date of publication is known of {title}."
    if kind == "author":
        names = article.authors
        return f"{title} was written by {_joined(names)}." if names else f"No author is known of {title}."
    places = [f"published by {article.source}"] * bool(article.source) + [f"from {article.url}"] * bool(article.url)
    return f"The article is {', '.join([title, *places])}." if places else f"No source is known of {title}."


def _number(listing: Listing) -> str:
    return f"{'' if listing.complete else 'At least '}{listing.total:,}"


def _titles(hits: Sequence[Hit]) -> str:
    return _joined([f"“{hit.article.title}”" for hit in hits])


def _joined(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
