"""Every setting is documented as it is."""

from pathlib import Path

from pipeline.config import reference

PAGE = Path(__file__).parents[2] / "pipeline" / "README.md"


def test_every_setting_is_in_the_documentation_with_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0]
    assert text.strip() == reference.markdown().strip(), "write what `python -m pipeline.config.reference` says"


def test_every_setting_has_one_line_for_people() -> None:
    for line in reference.markdown().splitlines():
        if line.startswith("| `"):
            assert len(line.split("|")) == 5
            assert line.split("|")[3].strip()
