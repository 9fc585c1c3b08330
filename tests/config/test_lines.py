"""The line of every key, in whatever way TOML may be written."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.lines import key_lines

bare = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
blank = st.sampled_from(["", "\n", "# [not.a.table]\n", "  # a = 1\n\n"])
scalars = st.sampled_from(
    [
        "1",
        "-0.5",
        "true",
        "inf",
        "1979-05-27 07:32:00",
        '"a # b = [c]"',
        r'"a \" ] } # \\"',
        "'c:\\d # ]'",
        '""',
        "''",
        '"""\none = 1\n[two]\n"""',
        '""""quoted"""""',
        '"""a \\""" b"""',
        "'''\n[[x]]\n# y\n'''",
        "''''z'''''",
        '""""""',
        "''''''",
    ]
)


def key(name: str, style: int) -> str:
    return [name, f'"{name}"', f"'{name}'"][style]


@st.composite
def value(draw: Any, depth: int = 2) -> str:
    kind = draw(st.integers(0, 3 if depth else 0))
    if kind <= 1:
        return str(draw(scalars))
    if kind == 2:
        items = draw(st.lists(value(depth - 1), max_size=3))
        gap = draw(st.sampled_from([" ", "\n", "\n  # , ] comment\n"]))
        return "[" + gap + f",{gap}".join(items) + draw(st.sampled_from(["", gap] + ([","] if items else []))) + "]"
    names = draw(st.lists(bare, max_size=3, unique=True))
    return "{ " + ", ".join(f"{key(n, draw(st.integers(0, 2)))} = {draw(value(depth - 1))}" for n in names) + " }"


@st.composite
def documents(draw: Any) -> str:
    text = ""
    for section in draw(st.lists(bare, max_size=5, unique=True)):
        double = draw(st.booleans())
        for _ in range(draw(st.integers(1, 3)) if double else 1):
            header = key(section, draw(st.integers(0, 2)))
            text += (
                draw(blank) + (f"[[{header}]]" if double else f"[ {header} ]") + draw(st.sampled_from(["\n", " # x\n"]))
            )
            for name in draw(st.lists(bare, max_size=4, unique=True)):
                dotted = draw(st.sampled_from(["", " . sub", '."s u".b']))
                text += draw(blank) + f"  {key(name, draw(st.integers(0, 2)))}{dotted} = {draw(value())}\n"
            if draw(st.booleans()):
                text += f"[{header}.child-0_0]\nx = 1\n"
    return text


def paths(data: Any, at: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return {at}.union(*(paths(item, (*at, key)) for key, item in items))


@settings(max_examples=100, deadline=None)
@given(documents())
def test_every_key_that_tomllib_reads_has_a_line_and_no_other(text: str) -> None:
    assert set(key_lines(text)) == paths(tomllib.loads(text))


@settings(max_examples=100, deadline=None)
@given(documents())
def test_the_line_of_a_key_holds_the_key(text: str) -> None:
    lines = text.split("\n")
    for path, line in key_lines(text).items():
        names = [part for part in path if isinstance(part, str)]
        if names and isinstance(path[-1], str):
            assert names[-1] in lines[line - 1]


def test_each_table_of_an_array_has_its_own_line() -> None:
    found = key_lines("[[a]]\nx = 1\n\n[[a]]\nx = 2\n[a.b]\ny = 3\n[[a.c]]\n[[a.c]]\nz = 4\n")
    assert found["a", 0] == 1
    assert found["a", 0, "x"] == 2
    assert found["a", 1] == 4
    assert found["a", 1, "x"] == 5
    assert found["a", 1, "b", "y"] == 7
    assert found["a", 1, "c", 1, "z"] == 10


def test_windows_line_ends_count_once() -> None:
    assert key_lines("a = 1\r\nb = '''\r\n'''\r\nc = 1\r\n")["c",] == 4


def test_keys_inside_a_multi_line_text_are_no_keys() -> None:
    assert key_lines('a = """\nb = 1\n"""\nc = 2\n') == {(): 1, ("a",): 1, ("c",): 4}


def test_escapes_in_a_quoted_key_are_read() -> None:
    assert key_lines('"a\\u0062" = 1\n')["ab",] == 1


def test_a_long_file_costs_linear_time() -> None:
    from time import process_time

    def cost(tables: int) -> float:
        text = "".join(f'[[feeds]]\nname = "f{n}"\nurl = "https://{n}.example/feed"\n' for n in range(tables))
        took = []
        for _ in range(3):
            began = process_time()
            key_lines(text)
            took.append(process_time() - began)
        return min(took)

    assert cost(8000) < 60 * max(cost(800), 0.001)  # were it quadratic, a hundred times
