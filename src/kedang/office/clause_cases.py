"""The cases that stand beside a pack, by the clauses that they prove."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import kedang
from kedang.office.clause_text import CASES, items_of, put, taken
from kedang.rulebook import Pack, PackErrors, load_file, load_pack
from kedang.rulebook.casefile import Case, read_cases
from kedang.rulebook.pack import Text

POLICIES = Path(kedang.__file__).parent / "policies"


def cases_of(pack: Pack, written: Callable[[], str | None] | None = None) -> Mapping[str, tuple[Text, ...]]:
    """The names of the cases that prove each clause: of the text in the box, else of those ``written`` with it."""
    found = _cases(pack.name, pack.sha256)
    if found or written is None:
        return found
    said = written()
    return _of_text(pack.name, pack.canonical, said) if said and said.strip() else {}


@lru_cache(maxsize=16)
def _of_text(name: str, text: str, cases: str) -> Mapping[str, tuple[Text, ...]]:
    beneath = [load_file(one) for one in sorted(POLICIES.glob("00-*.yaml")) if not one.stem.endswith(".cases")]
    try:
        return _by_clause(read_cases(cases, name, load_pack(text, name), beneath))
    except PackErrors:
        return {}


def _by_clause(cases: Iterable[Case]) -> Mapping[str, tuple[Text, ...]]:
    found: dict[str, tuple[Text, ...]] = {}
    for case in cases:
        for id_ in case.proves:
            found[id_] = (*found.get(id_, ()), case.text)
    return found


@lru_cache(maxsize=64)
def _cases(name: str, sha256: str) -> Mapping[str, tuple[Text, ...]]:
    path = POLICIES / Path(name).name
    beside = path.with_name(f"{path.stem}.cases.yaml")
    if not path.is_file() or not beside.is_file():
        return {}
    pack = load_file(path)
    if hashlib.sha256(pack.canonical.encode()).hexdigest() != sha256:
        return {}
    beneath = [load_file(one) for one in sorted(POLICIES.glob("00-*.yaml")) if not one.stem.endswith(".cases")]
    under = [one for one in beneath if one.name != name]
    return _by_clause(read_cases(beside.read_bytes(), beside.name, pack, under))


def renamed(cases: str, before: str, after: str) -> str:
    """The cases, where those that prove a clause name its new number."""
    for at, case in enumerate(items_of(cases, CASES)):
        proves = _proves(case)
        if before in proves:
            cases = put(
                cases, CASES, {**case, "proves": [after if one == before else one for one in proves]}, at=at
            ).text
    return cases


def unproved(cases: str, clause: str) -> str:
    """The cases without those that prove this clause only; others no longer name it."""
    listed = items_of(cases, CASES)
    for at in reversed(range(len(listed))):
        proves = _proves(listed[at])
        if proves == [clause] and len(items_of(cases, CASES)) > 1:
            cases = taken(cases, CASES, at).text
        elif clause in proves:
            cases = put(cases, CASES, {**listed[at], "proves": [one for one in proves if one != clause]}, at=at).text
    return cases


def _proves(case: Mapping[str, object]) -> list[str]:
    found = case.get("proves", [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]
