"""A rule for unsupported numbers, names and dates, independent of the checker that is measured with it."""

import re

_TOKEN = re.compile(r"\w+(?:[.,:'’/-]\w+)*")
_COUNTS = "two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred thousand"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow"
_MONTHS = "january february march april june july august september october november december"
_NAMED = frozenset(f"{_COUNTS} million billion {_DAYS} {_MONTHS}".split())


def unsupported_tokens(sentence: str, source: str) -> list[str]:
    """Return the sentence's tokens that state a fact and do not occur in the source, ignoring case.

    Tokens that state a fact have a digit, are words for numbers, days or months, or are capitalised and not the first
    word. A number that the source spells differently counts as unsupported.
    """
    in_source = {token.casefold().removesuffix("'s").removesuffix("’s") for token in _TOKEN.findall(source)}
    in_source |= {part for token in in_source for part in re.split(r"\W", token)}
    facts = [
        token
        for i, token in enumerate(_TOKEN.findall(sentence))
        if any(map(str.isdigit, token)) or token.casefold() in _NAMED or (i and token[0].isupper())
    ]
    return [token for token in facts if token.casefold().removesuffix("'s").removesuffix("’s") not in in_source]
