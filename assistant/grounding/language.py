"""Tells English, the one language that the checker was measured in, from others by their most frequent words."""

import re

_ENGLISH = {
    "the", "of", "and", "to", "that", "were", "his", "her", "its", "with", "from", "by", "has", "have", "been",
    "this", "which", "who", "not", "they", "their", "he", "she", "as", "or", "would", "could", "when", "after", "but",
    "it", "are", "be", "for", "at", "than", "into", "about", "over", "more", "there", "what", "said",
}  # fmt: skip
_FOREIGN = {
    "der", "die", "das", "und", "den", "dem", "des", "ein", "eine", "einen", "nicht", "auf", "mit", "sich", "für",
    "ist", "von", "zu", "im", "zum", "zur", "hat", "haben", "wird", "wurde", "dass", "bei", "nach", "de", "à", "le",
    "la", "les", "du", "et", "une", "est", "dans", "pour", "pas", "que", "qui", "sur", "avec", "au", "aux", "ses",
    "sont", "été", "el", "los", "las", "una", "por", "para", "del", "con", "se", "su", "lo", "al", "il", "di", "che",
    "è", "non", "per", "della", "dei", "gli", "sono", "nel", "het", "heeft", "een", "van", "op", "te", "niet", "zijn",
    "voor", "aan", "och", "att", "det", "som", "på", "är", "inte", "av", "till", "har", "ett", "ikke", "og", "af",
    "til", "jeg", "nie", "jest", "na", "się", "w", "z", "do", "o", "um", "não", "em", "os", "uma", "da", "dos", "и",
    "в", "не", "на", "что", "по", "это",
}  # fmt: skip
_SHORT = 8  # words
_WORD = re.compile(r"[^\W\d_]+")


def is_english(text: str) -> bool:
    """True if a text has frequent English words, and no more of those of other languages; a short one may have none."""
    words = _WORD.findall(text)
    english = sum(word.lower() in _ENGLISH for word in words)
    return english >= sum(word in _FOREIGN for word in words) and (english > 0 or len(words) < _SHORT)
