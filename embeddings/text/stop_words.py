"""English stop words, as the BM25 index's terms."""

from embeddings.text.terms import terms

STOP_WORDS = frozenset(
    terms(
        "a about after against an and any are as at be been before being between but by can could did do does during "
        "for from had has have he her his how i if in into is it its may might must my no not of on or our over s "
        "shall she should so t than that the their them then there these they this those to under was we were what "
        "when where which who whom whose why will with would you your"
    )
)
