"""Intents of messages that no sentence of an article answers: small talk, the collection itself, and digests."""

import re
from typing import Literal, NamedTuple

from assistant.conversation.small_talk import POLITE, SmallTalk, find_small_talk

ArticleKind = Literal["published", "author", "source", "digest"]
IntentKind = SmallTalk | Literal["collection", "mentions"] | ArticleKind

MAX_CHARACTERS = 300  # of a message with an intent; a longer one is a question about the articles

_COLLECTION = re.compile(
    r"\A(?:(?:what|which|how many) (?:kinds? of )?(?:topics|subjects|themes|articles|documents|texts|stories|sources) "
    r"(?:are (?:here|there|available|covered|in here|in (?:the|this|your) (?:library|collection|archive|database)|"
    r"covered here|there here)|do you (?:have|know|cover|hold)(?: here)?|can i ask (?:you )?about|have you got|"
    r"does (?:the|this|your) (?:library|collection) (?:have|hold|cover|contain))|"
    r"(?:list|show|give|tell)(?: me)?(?: all)?(?: of)?(?: the| your)? (?:articles|documents|topics|titles)"
    r"(?: here| there are| you have| in the library)?|"
    r"what(?:'s| is) (?:in|inside) (?:the|this|your) (?:library|collection|archive)|what do you have(?: here)?|"
    r"what(?: topics)? (?:are|do) (?:the|your|these) (?:articles|documents) (?:about|cover))\Z",
    re.IGNORECASE,
)
_MENTION = (
    r"(?:mention(?:s|ed|ing)?|talk(?:s|ed|ing)? about|discuss(?:es|ed|ing)?|cover(?:s|ed|ing)?|(?:is|are) about|about|"
    r"refer(?:s|ring)? to|deal(?:s|ing)? with|contain(?:s|ing)?|report(?:s|ed|ing)? on|write about|name|on)"
)
_MENTIONS = re.compile(
    r"\A(?:(?:which|what|how many)(?: of)?(?: the| these| your)?(?: other)? |"
    r"(?:list|show|find|name|give)(?: me)?(?: all| any)?(?: of)?(?: the| your)? |"
    r"(?:is|are) there (?:any |an )?(?:other )?|do you have (?:any |an )?(?:other )?)"
    r"(?P<noun>articles?|documents?|texts?|stories|story|pages|files)(?: here| do you have| are there)?"
    rf"(?: that| which)? {_MENTION} (?P<subject>.+)\Z",
    re.IGNORECASE,
)
_PATTERNS: dict[ArticleKind, tuple[str, ...]] = {
    "published": (
        (
            r"(?:when|on (?:what|which) (?:date|day)) (?:was|were|is) (?P<named>.+?) (?:(?:first|originally) )?"
            r"(?:published|written|posted|printed)"
        ),
        r"what(?:'s| is| was) the (?:publication |publishing )?date of (?P<named>.+)",
        r"what date is (?P<named>.+) from",
        r"how old is (?P<named>(?:this|the|that) article)",
    ),
    "author": (
        r"who (?:wrote|has written|authored|(?:is|are|was|were) the authors? of) (?P<named>.+)",
        r"(?:who (?:was|is|were)|by whom (?:was|is)) (?P<named>.+?) (?:written|authored)(?: by)?",
        r"who is (?P<named>)(?:the|its) author",
    ),
    "source": (
        r"where (?:was|is) (?P<named>.+?) (?:(?:first|originally) )?published",
        r"who published (?P<named>.+)",
        r"what(?:'s| is) the (?:source|url|link|web address|title|headline) of (?P<named>.+)",
        r"(?:which|what) (?:news)?(?:paper|magazine|site|website|outlet|agency|source) (?:published|is) (?P<named>.+)",
    ),
    "digest": (
        r"what(?:'s| is| was) (?P<named>.+?) (?:(?:all|mainly|mostly) )?about",
        r"(?:summari[sz]e|sum up|digest|recap) (?P<topic>.+)",
        r"sum (?P<topic>.+?) up",
        r"(?:tl;? ?dr|summari[sz]e|sum up)(?:(?: of)? (?P<topic>.+))?",
        (
            r"(?:(?:what(?:'s| is)|give(?: me)?|write(?: me)?|make(?: me)?|show me|i need) )?(?:an? |the )?"
            r"(?:(?:short|brief|quick) )?(?:summary|digest|overview|recap|gist)(?: (?:of|on|about) (?P<topic>.+))?"
        ),
        (
            r"(?:(?:what(?:'s| is| are|'re)|list|give(?: me)?|tell me|show me) )?(?:the )?"
            r"(?:main|key|major|most important|central) (?:points?|ideas?|takeaways?|messages?|facts)"
            r"(?: (?:of|in|from|about) (?P<topic>.+)| here)?"
        ),
        r"what does (?P<named>(?:this|the|that) (?:article|text|story)) say",
        (
            r"what (?:do|did|have) (?:the|these|your) (?:articles|documents|texts|stories|posts) (?:say|said) "
            r"(?:about|on) (?!(?:who|what|when|where|why|how|whether|which)\b)(?P<topic>.+)"
        ),
    ),
}
_ABOUT_ARTICLE = tuple(
    (kind, re.compile(rf"\A(?:{pattern})\Z", re.IGNORECASE)) for kind, them in _PATTERNS.items() for pattern in them
)
_NOUN = r"(?:article|story|text|piece|post|page|news item)"
_THIS_ARTICLE = re.compile(
    rf"\A(?:this|the|that|your|the (?:above|same|last|current|whole|entire)|your last)(?: news)? {_NOUN}\Z",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\A(?:it|this|that)\Z", re.IGNORECASE)
_NAMED_ARTICLE = re.compile(
    rf"\A(?:this|the|that|an?) {_NOUN} (?:(?:called|titled|entitled|named|about|on) )?(?P<title>.+)\Z", re.IGNORECASE
)
_QUOTES = "\"'“”’«»„ "


class Intent(NamedTuple):
    """What a message asks for that no sentence of an article says.

    ``subject`` is what it asks about: an article by its title, or a topic; empty for the article that is meant anyway.
    An intent that is not ``certain`` may be a question that the articles answer, and counts only where they do not.
    """

    kind: IntentKind
    subject: str = ""
    certain: bool = True


def find_intent(message: str, *, has_history: bool = False) -> Intent | None:
    """Return the intent of a message; None for a question that is put to the articles.

    Args:
        message: the message as it was written.
        has_history: whether "it" may mean something that was said before.
    """
    if len(message) > MAX_CHARACTERS:
        return None
    text = " ".join(message.replace("’", "'").split())
    if small_talk := find_small_talk(text):
        return Intent(small_talk)
    request = POLITE.sub("", text.rstrip(" .!?…"))
    if _COLLECTION.match(request):
        return Intent("collection")
    if mentions := _MENTIONS.match(request):
        return Intent("mentions", mentions["subject"].strip(_QUOTES), mentions["noun"].lower().startswith("article"))
    for kind, pattern in _ABOUT_ARTICLE:
        if match := pattern.match(request):
            return _about_article(kind, match.groupdict(), has_history=has_history)
    return None


def _about_article(kind: ArticleKind, groups: dict[str, str | None], *, has_history: bool) -> Intent:
    """Return the intent of a question about an article, by how it refers to the article."""
    subject = groups.get("named") or groups.get("topic") or ""
    if _THIS_ARTICLE.match(subject):
        return Intent(kind)
    if not subject or _PRONOUN.match(subject):
        return Intent(kind, certain=not (has_history and "named" in groups))
    if named := _NAMED_ARTICLE.match(subject):
        return Intent(kind, named["title"].strip(_QUOTES))
    return Intent(kind, subject.strip(_QUOTES), certain="topic" in groups)
