"""Rules for polarity: negations, hedges and antonyms, which reverse a statement with a word or two."""

from collections.abc import Container, Sequence
from typing import Literal

from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems, terms

SCOPE = 3  # words after a negation or a hedge that it applies to

_CUES = {
    "negation": frozenset(
        terms(
            "no not never none nobody nothing neither nor without cannot n't t hardly barely fail refuse deny reject "
            "unable"
        )
    ),
    "hedge": frozenset(
        terms(
            "may might could would should if unless whether possible possibly likely unlikely perhaps plan threaten "
            "want hope expect propose urge call allege accuse claim suspect suggest warn fear demand ask consider seek "
            "try"
        )
    ),
}
_ANTONYM_PAIRS = (
    "increase decrease,rise fall,rose fell,more less,more fewer,before after,first last,win lose,won lost,up down,"
    "high low,higher lower,largest smallest,larger smaller,best worst,better worse,early late,old young,older younger,"
    "buy sell,bought sold,open close,start end,begin end,began ended,accept reject,allow ban,include exclude,"
    "north south,east west,male female,men women,man woman,boy girl,father mother,son daughter,brother sister,"
    "husband wife,he she,his her,him her,support oppose,agree disagree,success failure,succeed fail,alive dead,"
    "arrive leave,strong weak,stronger weaker,positive negative,present absent,love hate,like dislike,easy difficult,"
    "easy hard,long short,longer shorter,most least,all none,always never,import export,minimum maximum,above below,"
    "inside outside,left right,attack defend,guilty innocent,legal illegal,public private,rich poor,hot cold,"
    "add remove,gain loss,profit loss,end resume,halt resume,friend enemy,north east,south west,large small,many few"
)
_ANTONYMS: dict[str, set[str]] = {}
for _first, _second in (terms(pair) for pair in _ANTONYM_PAIRS.split(",")):
    _ANTONYMS.setdefault(_first, set()).add(_second)
    _ANTONYMS.setdefault(_second, set()).add(_first)


def polarity_differs(sentence: str, cited: str) -> bool:
    """True if a negation, a hedge or an antonym makes the sentence say something else than the cited text."""
    sentence_stems, cited_stems = stems(sentence), stems(cited)
    return (
        scope_differs("negation", sentence_stems, cited_stems)
        or scope_differs("hedge", sentence_stems, cited_stems)
        or has_antonym(sentence_stems, cited_stems)
    )


def scope_differs(cue: Literal["negation", "hedge"], sentence: Sequence[str], cited: Sequence[str]) -> bool:
    """True if one text has a word only in the scope of a negation (or hedge), and the other only outside of one.

    Both texts are given as their stems, in order.
    """
    in_scope, always_in_scope = _scope(_CUES[cue], sentence)
    cited_in_scope, cited_always_in_scope = _scope(_CUES[cue], cited)
    return bool((always_in_scope & set(cited)) - cited_in_scope or (cited_always_in_scope & set(sentence)) - in_scope)


def has_antonym(sentence: Sequence[str], cited: Container[str]) -> bool:
    """True if the cited text has an antonym of a word of the sentence, and not the word itself. Both are stems."""
    return any(
        stem not in cited and any(antonym in cited for antonym in _ANTONYMS[stem])
        for stem in sentence
        if stem in _ANTONYMS
    )


def _scope(cues: Container[str], text: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the stems that occur within the scope of a cue, and those of them that occur nowhere else."""
    positions = {j for i, stem in enumerate(text) if stem in cues for j in range(i + 1, i + 1 + SCOPE)}
    in_scope = {stem for i, stem in enumerate(text) if i in positions} - STOP_WORDS
    return in_scope, in_scope - {stem for i, stem in enumerate(text) if i not in positions}
