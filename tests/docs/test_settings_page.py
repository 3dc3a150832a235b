from pathlib import Path

from assistant import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


def default(value: object) -> str:
    return "" if value is None else f"`{value}`"


def test_every_setting_is_documented_with_its_default_and_its_description() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `ASSISTANT_")]
    assert rows == [
        f"| `ASSISTANT_{name.upper()}` | {default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
