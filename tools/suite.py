"""Everything that ``make test`` and ``make test-long`` run: ``python tools/suite.py [long]``.

Every step runs, also after a failure. The last lines say what passed, what failed, and what could not run and why.
Exit code 1: something failed. A step that could not run for want of Chromium or PostgreSQL is named, not failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOT_AVAILABLE = 77
NO_TESTS = 5  # pytest's word for "nothing to run"; its own sentences about it read like a failure
PYTHON = sys.executable
BIN = Path(sys.executable).parent
TREES = [name for name in ("src", "tests", "bench", "tools", "hatch_build.py") if (ROOT / name).exists()]
WORKERS = (os.cpu_count() or 1) + 1  # a journey waits for its browser as often as it works
PYTEST = [
    PYTHON,
    "-m",
    "pytest",
    "-n",
    str(WORKERS),
    "--dist",
    "loadgroup",
    "-p",
    "no:cacheprovider",
    "-rs",
    "--durations=30",
]


@dataclass(frozen=True)
class Step:
    """One thing to run."""

    name: str
    command: list[str]
    limit_seconds: int = 900


@dataclass(frozen=True)
class Result:
    """How a step ended: ok, failed, nothing (to run) or could not run."""

    step: Step
    word: str
    seconds: float
    why: str = ""
    skipped: tuple[str, ...] = ()
    tests: int = 0
    failures: int = 0


def existing(*paths: str) -> list[str]:
    """The paths that are there."""
    return [path for path in paths if (ROOT / path).exists()]


def checks() -> list[Step]:
    """Style, types, imports."""
    return [
        Step("lint", [str(BIN / "ruff"), "check", *TREES]),
        Step("format", [str(BIN / "ruff"), "format", "--check", *TREES]),
        Step("types", [str(BIN / "mypy")]),
        Step("imports", [str(BIN / "lint-imports")]),
    ]


def tests(*, browser: bool, long: bool) -> list[Step]:
    """The tests on SQLite, then what touches the database once more on PostgreSQL; its journeys with the long runs."""
    mark = "long" if long else "not long"
    if not browser:
        mark += " and not browser"
    database = existing("tests/apps", "tests/browser", *(["tests/journeys"] if long else []))
    steps = [Step("tests on SQLite", [*PYTEST, "-m", mark, "tests"], 2400)]
    if database:
        on_postgresql = [PYTHON, "tools/postgres.py", "--", *PYTEST, "-m", mark, *database]
        steps.append(Step("tests on PostgreSQL", on_postgresql, 1200))
    if long and browser and existing("tests/journeys"):
        walked = [PYTHON, "tools/postgres.py", "--", *PYTEST, "-m", "not long", "tests/journeys"]
        steps.append(Step("journeys on PostgreSQL", walked, 1200))
    return steps


def properties() -> list[Step]:
    """Every property once more on 20,000 examples (the profile stands in tests/conftest.py)."""
    return [Step("properties at length", [*PYTEST, "-m", "hypothesis and not browser", "tests"], 1200)]


def policies() -> list[Step]:
    """The cases of every pack and the home of every clause."""
    kedang = [PYTHON, "-m", "kedang", "policy"]
    return [
        Step("cases of the packs", [*kedang, "cases", "--all"]),
        Step("coverage of the packs", [*kedang, "coverage", "--all"]),
    ]


def benches() -> list[Step]:
    """The benches print figures; they fail only when they crash."""
    if not existing("bench/__main__.py"):
        return []
    bench = [PYTHON, "-m", "bench"]
    return [
        Step("bench engine", [*bench, "engine"], 300),
        Step("bench web", [*bench, "web", "--files", "2000", "--rounds", "20"], 300),
    ]


def skips(path: Path) -> tuple[str, ...]:
    """Each test that pytest skipped, with its reason, from its report in JUnit's form."""
    if not path.is_file():
        return ()
    found = []
    for case in ElementTree.parse(path).iter("testcase"):
        found += [f"{case.get('name')}: {skip.get('message')}" for skip in case.iter("skipped")]
    return tuple(found)


def counts(path: Path) -> tuple[int, int]:
    """How many tests a report in JUnit's form names, and how many of them failed."""
    if not path.is_file():
        return 0, 0
    suites = list(ElementTree.parse(path).iter("testsuite"))
    bad = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites)
    return sum(int(suite.get("tests", 0)) for suite in suites), bad


def run(step: Step, environment: dict[str, str], *, aside: bool = False) -> Result:
    """Run one step with its output on the screen; ``aside``: at once when it has ended, beside what runs meanwhile."""
    if not aside:
        print(f"\n== {step.name}", flush=True)
    started = time.monotonic()
    seen = Path(environment["KEDANG_DATA"]) / f"{step.name}.xml"
    command = [*step.command, f"--junitxml={seen}"] if "pytest" in step.command else step.command
    said: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if aside else {}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, timeout=step.limit_seconds, text=True, **said)
    except subprocess.TimeoutExpired:
        return Result(step, "failed", time.monotonic() - started, f"not done after {step.limit_seconds} s")
    except OSError as error:
        return Result(step, "failed", time.monotonic() - started, str(error))
    seconds = time.monotonic() - started
    if aside:
        print(f"\n== {step.name}\n{done.stdout}", flush=True)
    if done.returncode == NO_TESTS and "pytest" in step.command:
        return Result(step, "nothing", seconds, "no test is marked for this run")
    if done.returncode == NOT_AVAILABLE:
        return Result(step, "could not run", seconds, "its reason stands above")
    tests_run, failures = counts(seen)
    return Result(step, "ok" if done.returncode == 0 else "failed", seconds, "", skips(seen), tests_run, failures)


def run_all(steps: list[Step], aside: list[Step], environment: dict[str, str]) -> list[Result]:
    """The steps one after another; those aside one after another beside them, where a browser's waits leave room."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting = [beside.submit(run, step, environment, aside=True) for step in aside]
        found = [run(step, environment) for step in steps]
        return [one.result() for one in waiting] + found


def browser_reason() -> str:
    """Why there is no browser here, or nothing."""
    done = subprocess.run([PYTHON, "tools/browser.py"], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout.strip().splitlines() or ["unknown reason"])[-1]


def report(results: list[Result], browser_missing: str) -> int:
    """Print the summary; the exit code."""
    print("\n" + "-" * 72)
    for result in results:
        why = f"  ({result.why})" if result.why else ""
        print(f"{result.word:>13}  {result.seconds:6.1f} s  {result.step.name}{why}")
        for skipped in result.skipped:
            print(f"{'skipped':>13}            {skipped}")
    if browser_missing:
        print(f"could not run             journeys in the browser  ({browser_missing})")
    every, skipped_tests = sum(result.tests for result in results), sum(len(result.skipped) for result in results)
    failures = sum(result.failures for result in results)
    print(f"{every - skipped_tests - failures} passed, {failures} failed, {skipped_tests} skipped")
    failed = [result.step.name for result in results if result.word == "failed"]
    print(f"FAILED: {', '.join(failed)}" if failed else "everything that could run is green")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Run the suite, or with ``long`` the long runs."""
    long = arguments == ["long"]
    missing = browser_reason()
    steps = tests(browser=not missing, long=long)
    steps, aside = ([*properties(), *steps, *benches()], []) if long else (steps, [*checks(), *policies()])
    with tempfile.TemporaryDirectory(prefix="kedang-suite-") as data:
        environment = os.environ | {
            "KEDANG_DATA": data,
            "PYTHONHASHSEED": "0",
            "KEDANG_TESTS": "long" if long else "short",
            "PYTHONDONTWRITEBYTECODE": "",  # or each worker and each command would compile every module again
        }
        results = run_all(steps, aside, environment)
    return report(results, missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
