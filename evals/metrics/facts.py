"""A written rule for numbers, names and dates that shares nothing with the checker that it judges."""

import re

_TOKEN = re.compile(r"\w+(?:[.,:'’/-]\w+)*")
_COUNTS = "two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred thousand"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow"
_MONTHS = "january february march april june july august september october november december"
_NAMED = frozenset(f"{_COUNTS} million billion {_DAYS} {_MONTHS}".split())


def unfounded(sentence: str, source: str) -> list[str]:
    """The tokens that a source must have letter for letter, case aside, and does not.

    They are whatever has a digit, words for numbers, days and months, and every capitalised word but the first. A
    number that is written in another way is called unfounded too: the rule errs on that side.
    """
    found = {token.casefold().removesuffix("'s").removesuffix("’s") for token in _TOKEN.findall(source)}
    found |= {part for token in found for part in re.split(r"\W", token)}
    wanted = [
        token
        for i, token in enumerate(_TOKEN.findall(sentence))
        if any(map(str.isdigit, token)) or token.casefold() in _NAMED or (i and token[0].isupper())
    ]
    return [token for token in wanted if token.casefold().removesuffix("'s").removesuffix("’s") not in found]
