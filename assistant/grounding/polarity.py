"""What turns a statement round without many words: a negation, a hedge, an opposite."""

from collections.abc import Container, Sequence
from typing import Literal

from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems as every_stem
from embeddings.text.terms import terms

REACH = 3  # words after a turning word that it turns

_TURNING = {
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
_PAIRS = (
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
_OPPOSITES: dict[str, set[str]] = {}
for _one, _other in (terms(pair) for pair in _PAIRS.split(",")):
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


def turns(sentence: str, cited: str) -> bool:
    """Whether a sentence denies what the cited text says, is sure where that is not, or says the opposite of a word."""
    stems, there = every_stem(sentence), every_stem(cited)
    return turned("negation", stems, there) or turned("hedge", stems, there) or opposed(stems, there)


def turned(kind: Literal["negation", "hedge"], stems: Sequence[str], there: Sequence[str]) -> bool:
    """Whether one text has a word nowhere but behind a negation (or a hedge), and the other never there."""
    behind, only = _behind(_TURNING[kind], stems)
    behind_there, only_there = _behind(_TURNING[kind], there)
    return bool((only & set(there)) - behind_there or (only_there & set(stems)) - behind)


def opposed(stems: Sequence[str], there: Container[str]) -> bool:
    """Whether a word stands for its opposite in the other text, and not itself."""
    return any(
        stem not in there and any(one in there for one in _OPPOSITES[stem]) for stem in stems if stem in _OPPOSITES
    )


def _behind(turning: Container[str], stems: Sequence[str]) -> tuple[set[str], set[str]]:
    """The stems that stand behind a turning word, and those of them that stand nowhere else."""
    places = {j for i, stem in enumerate(stems) if stem in turning for j in range(i + 1, i + 1 + REACH)}
    behind = {stem for i, stem in enumerate(stems) if i in places} - STOP_WORDS
    return behind, behind - {stem for i, stem in enumerate(stems) if i not in places}
