"""Function words of English questions, as parts of regular expressions."""

DO = r"do|does|did|will|would|can|could|shall|should|may|might|must"
HAVE = r"has|have|had"
AUXILIARY = rf"(?:{DO}|{HAVE}|is|are|was|were|am|be|been|being)"
WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
