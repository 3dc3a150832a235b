"""The places of words on pages, and the boxes of spans."""

from embeddings.text.page_map import Box, PageMap, PlacedWord

# "The bridge opened.\n\nIt cost much." on two pages; the first sentence stands on two lines.
WORDS = [
    PlacedWord(0, 3, Box(1, 50, 90, 66.66, 102)),
    PlacedWord(4, 10, Box(1, 70, 90, 100, 101.5)),
    PlacedWord(11, 18, Box(1, 50, 104, 90, 116)),
    PlacedWord(20, 22, Box(2, 50, 90, 58, 102)),
    PlacedWord(23, 27, Box(2, 61, 90, 80, 102)),
    PlacedWord(28, 33, Box(2, 83, 90, 110, 102)),
]
MAP = PageMap.of(WORDS)


def test_a_span_has_one_box_for_each_line() -> None:
    assert MAP.boxes(0, 18) == [Box(1, 50, 90, 100, 102), Box(1, 50, 104, 90, 116)]
    assert MAP.boxes(0, 33)[-1] == Box(2, 50, 90, 110, 102)


def test_a_span_inside_words_has_their_boxes() -> None:
    assert MAP.boxes(2, 5) == [Box(1, 50, 90, 100, 102)]
    assert MAP.boxes(18, 20) == []
    assert PageMap().boxes(0, 100) == []


def test_coordinates_are_rounded_and_kept_inside_what_can_be_stored() -> None:
    assert MAP.boxes(0, 1) == [Box(1, 50, 90, 66.7, 102)]
    assert PageMap.of([PlacedWord(0, 1, Box(1, -3, 0, 9_000, 1))]).boxes(0, 1) == [Box(1, 0, 0, 6553.5, 1)]


def test_places_move_with_the_text() -> None:
    assert MAP.without(0, 20).boxes(0, 2) == [Box(2, 50, 90, 58, 102)]
    assert MAP.without(4, 11).boxes(4, 11) == [Box(1, 50, 104, 90, 116)]


def test_the_parts_of_a_map_are_the_map() -> None:
    assert MAP.cut(0, 12).packed + MAP.cut(12, 40).packed == MAP.packed


def test_pages_begin_at_their_first_words() -> None:
    assert list(MAP.page_starts()) == [(1, 0), (2, 20)]


def test_a_map_is_read_again_from_json() -> None:
    assert PageMap.model_validate_json(MAP.model_dump_json()) == MAP
