"""Whether the cases of a pack would notice a wrong figure: ``python -m bench mutate [--quick] [NN | FILE …]``.

One figure of one pack is changed at a time, in memory, and that pack's cases are run. A mutant is killed when a case
fails or the pack no longer stands beside law and base. Aim: every mutant; a pack below 95 % makes the exit code 1.
``--quick`` tries a random sample of the same seed within 50 seconds and never fails for the share.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.mutants import Mutant, mutants
from kedang import rulebook
from kedang.rulebook import ClashError, Pack, PackErrors, load_file
from kedang.rulebook.casefile import Case, read_cases
from kedang.rulebook.cases import play_cases

PACKS = Path(rulebook.__file__).parent.parent / "policies"
LEAST_PERCENT = 95
QUICK_SECONDS = 45.0
SEED = 7


@dataclass
class Tried:
    """What became of the mutants of one pack."""

    name: str
    total: int
    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many were tried: all, or as many as the time allowed."""
        return self.killed + len(self.survivors)

    @property
    def percent(self) -> float:
        """Killed of a hundred tried; a pack without figures has nothing to kill."""
        return 100 * self.killed / self.tried if self.tried else 100.0


def killed(mutant: Mutant, cases: Sequence[Case], beneath: Sequence[Pack]) -> bool:
    """Whether a case fails, those that prove the changed clause first."""
    near = [case for case in cases if mutant.clause in case.proves]
    rest = [case for case in cases if mutant.clause not in case.proves]
    try:
        return any(play_cases(mutant.pack, some, beneath).failed for some in (near, rest) if some)
    except ClashError:
        return True


def attempt(path: Path, beneath: Sequence[Pack], seconds: float | None) -> Tried:
    """Try the mutants of a pack, all or those that fit into `seconds`.

    Raises PackErrors for files that cannot be read, ValueError when a case fails before anything was changed.
    """
    until = None if seconds is None else time.monotonic() + seconds
    pack = load_file(path)
    beside = path.with_name(f"{path.stem}.cases.yaml")
    source = beside.read_bytes() if beside.exists() else b"[]\n"
    cases = read_cases(source, beside.name, pack, beneath)
    failed = play_cases(pack, cases, beneath).failed
    if failed:
        raise ValueError(f"{beside.name}:{failed[0].line}: {failed[0].name}: {failed[0].why}; mend the cases first")
    found = list(mutants(pack, beneath))
    result = Tried(path.name, len(found))
    if until is not None:
        random.Random(SEED).shuffle(found)
    for mutant in found:
        if until is not None and time.monotonic() > until:
            break
        if killed(mutant, cases, beneath):
            result.killed += 1
        else:
            result.survivors.append(mutant)
    result.survivors.sort(key=lambda one: one.line)
    return result


def wanted(names: Iterable[str]) -> list[Path]:
    """The packs of these numbers or files; without any, every policy in the box."""
    box = sorted(path for path in PACKS.glob("[0-9][0-9]-*.yaml") if not path.name.endswith(".cases.yaml"))
    names = list(names)
    if not names:
        return [path for path in box if not path.name.startswith("00-")]
    found: list[Path] = []
    for name in names:
        hits = [Path(name)] if Path(name).is_file() else [path for path in box if path.name.startswith(f"{name}-")]
        if not hits:
            raise SystemExit(f"There is no pack {name!r} in {PACKS}, and no such file.")
        found += hits
    return found


def report(tried: Tried) -> None:
    """One line a pack, then one line a survivor."""
    sample = "" if tried.tried == tried.total else f" of a sample out of {tried.total}"
    low = "" if tried.percent >= LEAST_PERCENT else f"  BELOW {LEAST_PERCENT} %"
    print(f"{tried.name}: {tried.killed}/{tried.tried} killed{sample} ({tried.percent:.1f} %){low}")
    for mutant in tried.survivors:
        print(f"  {tried.name}:{mutant.line}: {mutant.clause}: {mutant.what}: no case notices")


def run(arguments: list[str]) -> int:
    """Try every pack asked for; 1 when one is below the least share or its cases fail."""
    quick = "--quick" in arguments
    started = time.monotonic()
    paths = wanted(argument for argument in arguments if argument != "--quick")
    code = 0
    for number, path in enumerate(paths):
        beneath = [load_file(one) for one in sorted(PACKS.glob("00-*.yaml")) if not one.stem.endswith(".cases")]
        beneath = [one for one in beneath if one.name != path.name]
        left = QUICK_SECONDS - (time.monotonic() - started)
        try:
            tried = attempt(path, beneath, left / (len(paths) - number) if quick else None)
        except (PackErrors, ValueError) as error:
            print(error, file=sys.stderr)
            code = 1
            continue
        report(tried)
        if tried.percent < LEAST_PERCENT and not quick:
            code = 1
    return code
