"""Side requests of chat clients: a title, tags, follow-up questions or search queries of a conversation, or JSON.

They ask a model to write about the chat and ask nothing about the articles, so they get a neutral reply in the wanted
form: it repeats words of the user's own question at most, and cites nothing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answer import Answer

# A task is told in the imperative, names what is to be written, and speaks of the chat itself.
_IMPERATIVE = re.compile(
    r"(?:^|[.:!,]|\b(?:please|to|and))\s(?:generate|create|write|provide|suggest|produce|analy[sz]e|determine|return|reply|"
    r"respond|give|make|propose|choose|pick|summari[sz]e|reflect|continue|invent|extract)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"\b(?:titles?|tags?|follow[- ]?ups?|quer(?:y|ies)|keywords?|emojis?|JSON)\b", re.IGNORECASE)
_ABOUT_THE_CHAT = re.compile(
    r"<(?:chat_history|conversation|messages?|transcript)>|\bchat history\b"
    r"|\b(?:this|our|above|following|previous) (?:conversation|chat|dialogue|discussion|query|message)\b"
    r"|\bthe (?:conversation|chat)\b(?! (?:between|with|of|about|that|in|at|on|by|from)\b)"
    r"|^(?:user|human)\s*:[^\n]*\n+(?:assistant|ai)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_ONLY = re.compile(r"\b(?:only|just|nothing else|nothing but|words or (?:less|fewer))\b", re.IGNORECASE)
_USER_TURN = re.compile(r"\b(?:user|human)\s*:\s*(?P<said>[^\n]+)", re.IGNORECASE)
_NEXT_TURN = re.compile(r"\b(?:assistant|ai|bot|response|model)\s*:", re.IGNORECASE)
_OBJECT = re.compile(r"\{\s*\"[^{}]{1,400}\}")
_FIELD = re.compile(r"\"(\w+)\"\s*:\s*(\[|\{|\"|[\dtf]|)")
_NOT_TITLE = re.compile(r"[^\w\s'’.,:-]+")
_EMPTY: dict[str, Any] = {"[": [], "{": {}, '"': "", "t": False, "f": False, "": ""}
_MAX_READ = 20_000  # characters of a prompt in which its form is looked for
TITLE_WORDS = 5
DEFAULT_TITLE = "Articles"
NOTHING_ASKED = "Ask a question about the articles."


def side_answer(messages: Sequence[tuple[str, str]], response_format: Mapping[str, Any] | None) -> Answer | None:
    """Return the neutral reply to a side request; None if the chat asks a question.

    Args:
        messages: the role and the text of each message that has text.
        response_format: OpenAI's ``response_format``, with the schema of the wanted JSON, if there is one.
    """
    asked = [text for role, text in messages if role == "user"]
    told = [text for role, text in messages if role in {"system", "developer"}]
    prompt = (asked or told or [""])[-1][:_MAX_READ]
    form = (response_format or {}).get("type") or "text"
    is_task = _is_task(prompt)
    if not is_task and told and _is_task(told[-1][:_MAX_READ]) and _ONLY.search(told[-1]):
        asked, prompt, is_task = [*asked, told[-1]], told[-1][:_MAX_READ], True
    if not (is_task or form != "text" or (told and not asked)):
        return None
    turns = [_NEXT_TURN.split(turn["said"])[0].strip() for turn in _USER_TURN.finditer(prompt)]
    question = _plain((turns or (asked[:-1] if is_task else asked) or [""])[-1])
    if form == "json_schema":
        text = _as_json(_from_schema((response_format or {}).get("json_schema") or response_format or {}), question)
    elif fields := _FIELD.findall(found.group()) if (found := _OBJECT.search(prompt)) else []:
        text = _as_json({name: _EMPTY.get(opening, 0) for name, opening in fields}, question)
    elif form != "text":
        text = "{}"
    else:
        text = _title(question) if is_task else NOTHING_ASKED
    return _answer(prompt, text)


def _is_task(prompt: str) -> bool:
    return all(part.search(f"\n{prompt}") for part in (_IMPERATIVE, _WRITTEN, _ABOUT_THE_CHAT))


def _plain(text: str) -> str:
    """Return a text without what Markdown or JSON could take for markup."""
    return " ".join(_NOT_TITLE.sub(" ", text).split())


def _title(question: str) -> str:
    return " ".join(question.split()[:TITLE_WORDS]).rstrip(".,:-")[:60] or DEFAULT_TITLE


def _as_json(value: Any, question: str) -> str:
    """Return the JSON of a value, with the question as its title or its query."""
    known = {"title": _title(question), "tags": ["General"], "queries": [question[:200]] if question else []}
    if isinstance(value, dict):
        value = {name: known[name] if type(known.get(name)) is type(one) else one for name, one in value.items()}
    return json.dumps(value, ensure_ascii=False)


def _from_schema(schema: Any, depth: int = 0) -> Any:
    """Return the emptiest value of a JSON Schema's type."""
    if not isinstance(schema, Mapping) or depth > 8:
        return None
    if "schema" in schema and "properties" not in schema:
        return _from_schema(schema["schema"], depth)
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if kind == "object":
        properties = schema.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        return {name: _from_schema(one, depth + 1) for name, one in properties.items()}
    return {"array": [], "string": "", "number": 0, "integer": 0, "boolean": False}.get(str(kind))


def _answer(prompt: str, text: str) -> Answer:
    return Answer(
        id="side-request",
        question=prompt[:2000],
        standalone_question=prompt[:2000],
        mode="about",
        answer=text,
        short_answer=None,
        abstained=False,
        reason=None,
        confidence=1.0,
        dropped_sentences=0,
        notices=(),
        sentences=(),
        citations=(),
        passages=(),
        timings_ms={},
    )
