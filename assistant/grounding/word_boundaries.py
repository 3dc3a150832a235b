"""The boundaries of words and characters that every browser agrees on.

The rules are those of Unicode's text segmentation (UAX 29), read cautiously where browsers differ.
"""

import re
import unicodedata

# Characters whose word-break property their general category does not show.
_MID_WORD = re.compile(  # MidLetter, MidNum and MidNumLet: part of a word between two letters or digits
    r"[.,:;'\"\xb7\u037e\u0387\u060c\u060d\u066c\u07f8\u2018-\u2027\ufe10-\ufe14\ufe50-\ufe55\uff07\uff0c\uff0e\uff1a\uff1b]"
)
_EXTENDS_WORD = re.compile(r"[_\u055a-\u058a\u05f3\u05f4\u066b\u203f\u2040\u2054\u30a0\ufe33\ufe34\ufe4d-\ufe4f\uff3f]")
# Two code points that form one character: a letter with a Hangul vowel or final or with a skin tone, two regional
# indicators, which form a flag, and a Hebrew letter with a geresh.
_CLUSTER = re.compile(
    r"(?s:.)[\u1160-\u11ff\uff9e\uff9f\U0001f3fb-\U0001f3ff]|[\U0001f1e6-\U0001f1ff]{2}|[\u05d0-\u05ea]'"
)
_NARROW_NO_BREAK_SPACE = "\u202f"  # which joins words by Unicode's rules


def splits_character(text: str, offset: int) -> bool:
    """True if an offset is inside a character as readers see it, or beside one at which browsers disagree.

    Browsers disagree at invisible characters and at the narrow no-break space.
    """
    before, after = text[max(0, offset - 1) : offset], text[offset : offset + 1]
    beside_invisible = any(unicodedata.category(c) in {"Cc", "Cf"} and not c.isspace() for c in before + after)
    before_mark = after != "" and unicodedata.category(after)[0] == "M"
    in_cluster = _CLUSTER.match(before + after) is not None
    return beside_invisible or before_mark or in_cluster or _NARROW_NO_BREAK_SPACE in before + after


def is_word_boundary(text: str, offset: int) -> bool:
    """True if a word surely begins or ends at an offset."""
    neighbours = [text[max(0, i) : max(0, i + 1)] for i in range(offset - 2, offset + 2)]
    _, before, after, _ = neighbours
    if splits_character(text, offset):
        return False
    if not (before.strip() and after.strip()):
        return True
    first, second, third, fourth = map(_is_word_character, neighbours)
    if _MID_WORD.match(before):
        return not (first and third)
    return not (second and (fourth if _MID_WORD.match(after) else third))


def is_inside_word(text: str, offset: int) -> bool:
    """True if surely no word begins or ends at an offset: letters or digits of scripts that use spaces are around."""
    neighbours = text[max(0, offset - 1) : offset + 1]
    return len(neighbours) == 2 and all(c < "\u0e00" and (c.isalpha() or c.isdecimal()) for c in neighbours)


def _is_word_character(character: str) -> bool:
    return character != "" and (
        unicodedata.category(character)[0] in "LNMSC" or _EXTENDS_WORD.match(character) is not None
    )
