"""How a number and its noun are said: one form for pages, command line, alerts and reasons."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, which ends in -s where no other plural is given: 1 article, 2 articles, 3 entries."""
    return f"{number} {one if number == 1 else many or one + 's'}"
