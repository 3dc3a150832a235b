"""Function words of English, as parts of regular expressions: of questions and denials, and those that refer back."""

DO = r"do|does|did|will|would|can|could|shall|should|may|might|must"
HAVE = r"has|have|had"
AUXILIARY = rf"(?:{DO}|{HAVE}|is|are|was|were|am|be|been|being)"
WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
NEGATION = r"(?:\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|cannot|without)\b|n['’]t\b)"

# Words that mean what was said before. A sentence that opens with a subject, possessive or demonstrative says little
# without the one before it; inside a sentence "that" is mostly a conjunction.
PERSON, PERSON_AS_OBJECT = r"he|she|his|her", r"him|hers"
THING, THING_AS_OBJECT = r"it|they|its|their", r"them|theirs"
DEMONSTRATIVE = r"this|these|those"
REFERRING = rf"{PERSON}|{THING}|{DEMONSTRATIVE}|that"
CONNECTIVE = r"(?:(?:and|but|so|yet|then|however|meanwhile),? )?"  # before it
