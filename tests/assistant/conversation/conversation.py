"""A conversation in a line or two."""

from assistant.request import Message


def turns(*said: str) -> list[Message]:
    """The user and the assistant in turn, the user first."""
    return [Message(role="assistant" if number % 2 else "user", content=text) for number, text in enumerate(said)]


FERRY = turns(
    "Who founded the Orrin ferry company?",
    "Ada Brandt, a retired captain, founded the Orrin ferry company in 1921.",
)
LIGHTHOUSE = turns("When was the lighthouse of Skarn built?", "The lighthouse of Skarn was built in 1850.")
VISITORS = turns(
    "How many visitors came to Tolmin in May?", "Tolmin counted 12,000 visitors in May, the mayor, Jana Kos, said."
)
STRIKE = turns("What did the strike at Halden Steel cost?", "The strike at Halden Steel cost 3 million crowns.")
MARATHON = turns("Who won the Ostrow marathon?", "Tuomas Rinne won the Ostrow marathon in a time of 2:11.")
MATCH = turns("Did Brennick play against Lundby?", "Brennick beat Lundby 3-1 on Sunday.")
FLOOD = turns("Which bridge did the flood destroy?", "The flood destroyed the old bridge at Maro on Friday.")
PUMP = turns("What does pump P-310 cost?", "Pump P-310 costs 80 crowns.")
