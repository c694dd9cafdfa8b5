"""The cases that stand beside a pack, by the clauses that they prove."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import kedang
from kedang.rulebook import Pack, load_file
from kedang.rulebook.casefile import read_cases

POLICIES = Path(kedang.__file__).parent / "policies"


def cases_of(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """The names of the cases that prove each clause; none for a text that is not the one in the box."""
    return _cases(pack.name, pack.sha256)


@lru_cache(maxsize=64)
def _cases(name: str, sha256: str) -> Mapping[str, tuple[str, ...]]:
    path = POLICIES / Path(name).name
    beside = path.with_name(f"{path.stem}.cases.yaml")
    if not path.is_file() or not beside.is_file():
        return {}
    pack = load_file(path)
    if hashlib.sha256(pack.canonical.encode()).hexdigest() != sha256:
        return {}
    beneath = [load_file(one) for one in sorted(POLICIES.glob("00-*.yaml")) if not one.stem.endswith(".cases")]
    found: dict[str, tuple[str, ...]] = {}
    for case in read_cases(beside.read_bytes(), beside.name, pack, [one for one in beneath if one.name != name]):
        for id_ in case.proves:
            found[id_] = (*found.get(id_, ()), case.name)
    return found
