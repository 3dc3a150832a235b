"""Random names and values for the patterns, composed from word lists and from people and places of the texts."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "December")
_FIRMS = ("Holdings", "Industries", "Airways", "Bank", "Motors", "Chemicals", "Foods", "Energy", "Textiles", "Lines")
_CLUBS = ("United", "Rovers", "City", "Athletic", "Wanderers", "Rangers", "Town")
_STORMS = ("Hurricane", "Typhoon", "Cyclone", "Storm", "Winter Storm")
_SHIPS = ("the {place}", "the {last}", "the Queen of {place}", "the Star of {place}", "the {first}")
_ACCORDS = ("the {place} Agreement", "the Treaty of {place}", "the {last} Act", "the {place} Pact")
_BUILDINGS = ("the {last} Museum", "the {place} Bridge", "{last} Hall", "the {last} Tower", "the {place} Theatre")
_WHAT = ("Harbour", "Winter", "Garden", "Letter", "Train", "River", "Stranger", "Window", "Orchard", "Island", "Clock")
_LIKE = ("Silent", "Last", "Broken", "Golden", "Empty", "Second", "Burning", "Distant", "Quiet", "Frozen", "Hidden")


_SHARED = {"The", "of", "a", "the", "in"}
_TRIED = 300  # draws before giving up


class ValueSampler:
    """Draws random names and values by kind, such as a company, a date or a speed."""

    def __init__(self, people: Sequence[str], places: Sequence[str]) -> None:
        full = [name.split() for name in people if name.count(" ") == 1]
        self._first, self._last = ([name[i] for name in full] for i in (0, 1))
        self._places = list(places)
        self._made: Mapping[str, Callable[[random.Random], str]] = {
            "person": lambda chance: self._named("{first} {last}", chance),
            "place": lambda chance: chance.choice(self._places),
            "company": lambda chance: f"{self._named('{last}', chance)} {chance.choice(_FIRMS)}",
            "team": lambda chance: f"{self._named('{place}', chance)} {chance.choice(_CLUBS)}",
            "storm": lambda chance: f"{chance.choice(_STORMS)} {self._named('{first}', chance)}",
            "ship": lambda chance: self._named(chance.choice(_SHIPS), chance),
            "accord": lambda chance: self._named(chance.choice(_ACCORDS), chance),
            "building": lambda chance: self._named(chance.choice(_BUILDINGS), chance),
            "title": lambda chance: f"“The {chance.choice(_LIKE)} {chance.choice(_WHAT)}”",
            "year": lambda chance: str(chance.choice([chance.randint(1700, 2020), chance.randint(1900, 2020)])),
            "date": lambda chance: f"{chance.choice(_MONTHS)} {chance.randint(1, 28)}, {chance.randint(1950, 2020)}",
            "weekday": lambda chance: chance.choice(_DAYS),
            "time": lambda chance: f"{chance.randint(5, 22)}:{chance.choice(('00', '10', '15', '30', '45', '52'))}",
            "number": lambda chance: f"{chance.randint(2, 99) * 100:,}",
            "number_large": lambda chance: f"{chance.randint(21, 990) * 1000:,}",
            "count": lambda chance: str(chance.randint(11, 480)),
            "money": lambda chance: f"{_coin(chance)}{_tenths(990, chance)} {chance.choice(('million', 'billion'))}",
            "money_small": lambda chance: f"{_coin(chance)}{chance.randint(2, 80)}.{chance.choice(('20', '50', '75'))}",
            "percent": lambda chance: f"{_tenths(480, chance)} {chance.choice(('percent', 'per cent'))}",
            "years": lambda chance: f"{chance.randint(2, 25)} years",
            "metres": lambda chance: f"{chance.randint(12, 900)} metres",
            "millimetres": lambda chance: f"{chance.randint(11, 90)} millimetres",
            "centimetres": lambda chance: f"{chance.randint(3, 60)} centimetres",
            "kilograms": lambda chance: f"{chance.randint(2, 90)} kilograms",
            "degrees": lambda chance: f"{chance.randint(18, 41)} degrees",
            "degrees_low": lambda chance: f"minus {chance.randint(2, 31)} degrees",
            "speed": lambda chance: f"{chance.randint(90, 240)} kilometres an hour",
        }

    def draw(self, what: str | list[Any], chance: random.Random, but: Sequence[str] = ()) -> str:
        """Return a random value of a kind, or from a list, that shares no distinctive word with those in ``but``.

        Raises:
            ValueError: no such value was found.
        """
        taken = {word for one in but for word in _words(one)}
        for _ in range(_TRIED):
            one = chance.choice(what) if isinstance(what, list) else self._made[what](chance)
            if taken.isdisjoint(_words(one)):
                return one
        raise ValueError(f"no value of {what} is left beside {', '.join(but)}")

    def _named(self, pattern: str, chance: random.Random) -> str:
        """Return a pattern filled with a random first name, last name and place."""
        # First and last name come from different people, so that knowledge of real ones does not help the network.
        first, last = chance.choice(self._first), chance.choice(self._last)
        return pattern.format(first=first, last=last, place=chance.choice(self._places))


def _coin(chance: random.Random) -> str:
    """Return a currency symbol."""
    return chance.choice("$$$€£")


def _tenths(most: int, chance: random.Random) -> str:
    """Return a random number from 1.1 to ``most`` / 10, with one decimal."""
    return f"{chance.randint(11, most) / 10:g}"


def _words(value: str) -> set[str]:
    """Return the distinctive words of a value: its capitalised words and numbers, or all words if it has none."""
    words = re.findall(r"[\w.:,]{0,60}\w", value)
    telling = {word for word in words if word[0].isupper() or word[0].isdigit()}
    return (telling or set(words)) - _SHARED
