from pathlib import Path

from benchmarks.growth_plot import _PANELS, draw


def test_the_picture_names_each_line_and_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    names = [name for _, _, lines in _PANELS for name in lines]
    rows = {size: dict.fromkeys(names, size**0.5 / 40) for size in (1_000, 10_000)}
    draw(rows, tmp_path / "one.svg")
    draw(rows, tmp_path / "two.svg")
    drawn = (tmp_path / "one.svg").read_text("utf-8")
    assert all(f">{label}</text>" in drawn for _, _, lines in _PANELS for label in lines.values() if len(lines) > 1)
    assert "10,000" in drawn
    assert drawn == (tmp_path / "two.svg").read_text("utf-8")
