"""What every parameter of every route is made of: bounded, and nothing that a database cannot hold."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from annotated_types import MaxLen
from fastapi import Body, Form, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import StringConstraints
from starlette.exceptions import HTTPException

BIGGEST = 2**63 - 1  # an identity column of either database
MOST = 500  # rows of a listing
WHOLE = r"^[^\x00]*$"  # PostgreSQL holds no zero byte in a text

_Word = Annotated[str, StringConstraints(max_length=200, pattern=WHOLE)]
_Words = Annotated[list[_Word], MaxLen(1000)]

# In the path: of a feed or channel, an article's id, a subscription's token, a file.
Name = Annotated[str, Path(max_length=200, pattern=WHOLE)]
RowId = Annotated[int, Path(ge=0, le=BIGGEST)]

# In the query.
Filter = Annotated[str, Query(max_length=200, pattern=WHOLE)]
AnyFilter = Annotated[str | None, Query(max_length=200, pattern=WHOLE)]
Before = Annotated[int, Query(ge=0, le=BIGGEST)]
Rows = Annotated[int, Query(ge=1, le=MOST)]
Shown = Annotated[str, Query(max_length=500, pattern=WHOLE)]  # a token

# In a form.
Text = Annotated[str, Form(max_length=2000, pattern=WHOLE)]
Token = Annotated[str, Form(max_length=500, pattern=WHOLE)]
Number = Annotated[int, Form(ge=0, le=BIGGEST)]
Yes = Annotated[bool, Form()]
Chosen = Annotated[_Words | None, Form()]

# In a JSON body.
ChosenByProgram = Annotated[_Words | None, Body(embed=True)]
YesOfProgram = Annotated[bool, Body(embed=True)]


def only_known(request: Request) -> None:
    """Refuse a query with a parameter that the route does not have, or with one of them twice."""
    known = set(query_of(request.scope["route"].dependant))
    given = [name for name, _ in request.query_params.multi_items()]
    unknown = sorted(set(given) - known)
    if unknown:
        there = f"there are {', '.join(sorted(known))}" if known else "there are none here"
        raise HTTPException(422, f"There is no parameter “{shown(unknown[0])}”: {there}.")
    twice = next((name for name in known if given.count(name) > 1), None)
    if twice:
        raise HTTPException(422, f"The parameter “{twice}” is given more than once.")


def query_of(dependant: Dependant) -> Iterator[str]:
    """The names that a route and what it depends on take from the query."""
    yield from (field.alias for field in dependant.query_params)
    for part in dependant.dependencies:
        yield from query_of(part)


def shown(text: str) -> str:
    """A stranger's word as part of a sentence of ours."""
    return "".join(letter for letter in text if letter.isprintable())[:50]


def told(error: RequestValidationError) -> tuple[int, str]:
    """What is wrong with a request, as status and sentence. A path that cannot be is a page that is not there."""
    problems = error.errors()
    if any(problem["loc"][:1] == ("path",) for problem in problems):
        return 404, "There is no such page."
    return 422, "; ".join(dict.fromkeys(f"{place(one['loc'])}: {one['msg']}" for one in problems[:5]))


def place(location: Iterable[object]) -> str:
    """Where in a request something is."""
    names = [shown(str(part)) for part in location]
    return " ".join(names[1:] or names)
