"""What the documentation says of the kinds is what their classes declare."""

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline import channels
from pipeline.compose import template
from pipeline.text import counting

HERE = Path(channels.__file__ or "")
README = HERE.parents[1] / "README.md"
BETWEEN = re.compile(r"<!-- kinds -->\n(.*?)\n?<!-- /kinds -->", re.DOTALL)


def test_the_table_of_kinds_in_the_documentation_is_the_present_one() -> None:
    found = BETWEEN.search(README.read_text("utf-8"))
    assert found is not None, "pipeline/README.md needs <!-- kinds --> and <!-- /kinds -->"
    assert found[1].strip() == channels.table().strip()


def test_the_fields_and_filters_of_templates_are_documented() -> None:
    found = re.search(r"<!-- template -->\n(.*?)\n?<!-- /template -->", README.read_text("utf-8"), re.DOTALL)
    assert found is not None, "pipeline/README.md needs <!-- template --> and <!-- /template -->"
    assert found[1].strip() == template.documentation().strip()


@pytest.mark.parametrize("kind", channels.kinds())
def test_a_kind_declares_itself(kind: str) -> None:
    made = channels.channel_class(kind)
    can = made.CAN
    assert can.summary
    assert channels.how(kind)
    assert can.counting in counting.RULES
    assert can.lookup == hasattr(made, "look_up") or kind == "slack"  # a webhook of Slack's cannot
    assert can.edit == hasattr(made, "edit") or kind == "slack"
    assert can.delete == hasattr(made, "delete") or kind == "slack"
    assert hasattr(made, "check")


@pytest.mark.parametrize("kind", channels.kinds())
def test_a_kind_is_one_small_file_with_its_documentation_on_line_one(kind: str) -> None:
    lines = (HERE.parent / f"{kind}.py").read_text("utf-8").splitlines()
    assert "https://" in lines[0]
    assert len(lines) <= 300


@pytest.mark.parametrize("kind", channels.kinds())
def test_every_secret_of_a_kind_stays_out_of_its_repr(kind: str) -> None:
    secret = {
        "token",
        "password",
        "secret",
        "client_secret",
        "refresh_token",
        "bot_token",
        "api_key",
        "admin_key",
        "key",
    }
    public = {("indexnow", "key")}
    shown = {field.name for field in channels.settings_of(kind) if field.repr}
    assert {name for name in shown & secret if (kind, name) not in public} == set()
    assert all(isinstance(field, dataclasses.Field) for field in channels.settings_of(kind))
