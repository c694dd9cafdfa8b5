"""Addresses of pages.  Django's ``reverse`` tries patterns one by one; here it is asked once for each name and shape.

Numbers among the arguments are the keys of rows: whatever they are, the address differs in them only.
"""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

from kedang.lib.whole import whole

ANY = 10**17  # stands for a key; no row has it


def address(name: str, *arguments: int | str) -> str:
    """The address of a page.  Raises ``NoReverseMatch``."""
    shape = tuple(None if _is_number(one) else str(one) for one in arguments)
    return _form(name, shape, get_script_prefix()).format(*(int(one) for one in arguments if _is_number(one)))


def _is_number(argument: int | str) -> bool:
    """Whether an argument is a key: a number, or a text that a number would be written as."""
    if isinstance(argument, str):
        return whole(argument) is not None and (argument[0] != "0" or argument == "0")
    return argument >= 0


@lru_cache(maxsize=4096)
def _form(name: str, shape: tuple[str | None, ...], _prefix: str) -> str:
    """The address with a place for each number, which is None in the shape."""
    marks = [ANY + at if one is None else one for at, one in enumerate(shape)]
    found = reverse(name, args=marks).replace("{", "{{").replace("}", "}}")
    for place, mark in enumerate(one for one in marks if isinstance(one, int)):
        found = found.replace(str(mark), f"{{{place}}}")
    return found
