"""``kedang policy …``: a pack begun, read strictly, its cases run, its clauses counted."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kedang.rulebook import Book, Clash, ClashError, Pack, PackError, PackErrors, load_file
from kedang.rulebook.casefile import read_cases
from kedang.rulebook.cases import CaseReport, play_cases
from kedang.rulebook.pack import Duty, Rule, Sanction
from kedang.rulebook.shapes import ID

Beneath = Callable[[Path], list[Path]]
REMEDIES: dict[type[Rule], str] = {
    Duty: "keep one, or write 'instead_of: [CLAUSE]' into the one that goes before, 'besides: [CLAUSE]' where both run",
    Sanction: "keep one, or write 'instead_of: [CLAUSE]' or 'besides: [CLAUSE]' into one of them",
    Rule: "keep one, or give each a 'when' so that both never hold together",
}


def cases_file(path: Path) -> Path:
    """The cases that stand beside a pack."""
    return path.with_name(path.stem + ".cases.yaml")


def schema() -> str:
    """The schema for editors, made from the definitions that the loader reads by."""
    from kedang.rulebook.schema import pack_schema

    return json.dumps(pack_schema(), ensure_ascii=False, indent=1)


def new(slug: str, skeleton: Path, folder: Path) -> int:
    """Write a commented pack of one's own with its cases into a folder; 1 when that cannot be."""
    if not ID.match(slug):
        print(f"kedang policy new: {slug!r} is not a slug: lower-case letters, digits, hyphens", file=sys.stderr)
        return 1
    made = folder / f"{slug}.yaml"
    sources = {made: "pack.yaml", cases_file(made): "cases.yaml"}
    for path in sources:
        if path.exists():
            print(f"kedang policy new: {path} is there already; nothing was written over", file=sys.stderr)
            return 1
    for path, source in sources.items():
        path.write_text((skeleton / source).read_text("utf-8").replace("SLUG", slug), "utf-8")
    print(f"{made} and {cases_file(made)} written. Now: kedang policy check {made}")
    return 0


def _say(errors: PackErrors) -> None:
    for error in errors.errors:
        print(error, file=sys.stderr)


def _load(path: Path) -> Pack | None:
    """The pack, or nothing after its errors were printed with file and line."""
    try:
        return load_file(path)
    except PackErrors as errors:
        _say(errors)
    except OSError as error:
        print(f"{path}:1: the file cannot be read: {error.strerror}", file=sys.stderr)
    return None


def _say_clashes(path: Path, pack: Pack, clashes: Sequence[Clash]) -> None:
    """Each clash at the line of this pack; of declarations the sentence says itself what to do."""
    for clash in clashes:
        mine = clash.second if clash.second.pack == pack.number else clash.first
        remedies = [f"; {how}" for body, how in REMEDIES.items() if isinstance(mine, body)]
        print(f"{path.name}:{mine.line}: {clash}{''.join(remedies[:1])}", file=sys.stderr)


def check(paths: Sequence[Path], beneath: Beneath, beside: Sequence[Path] = ()) -> int:
    """Read each pack strictly and hold it against law and base, and the policies ``beside`` which it is to stand.

    1 when anything is wrong.
    """
    wrong = 0
    others = [_load(one) for one in beside]
    if None in others:
        return 1
    for path in paths:
        pack = _load(path)
        if pack is None:
            wrong += 1
            continue
        under = [found for found in (_load(one) for one in beneath(path)) if found]
        book = Book([*under, pack], tolerate_clashes=True)
        beside_it = [one for one in others if one and one.slug != pack.slug]
        together = Book([*under, *beside_it, pack], tolerate_clashes=True) if beside_it else book
        clashes = book.clashes or [one for one in together.clashes if pack.number in (one.first.pack, one.second.pack)]
        if clashes:
            _say_clashes(path, pack, clashes)
            wrong += 1
            continue
        print(f"{path.name}: edition {pack.edition}, {len(pack.clauses)} clauses, in order")
        for line in _remarks(book, pack):
            print(f"  {line}")
    return 1 if wrong else 0


def _remarks(book: Book, pack: Pack) -> Iterator[str]:
    """What is written correctly and yet will hardly do what is meant."""
    from kedang.rulebook.coverage import idle_posts, unentered, unmet_kinds, unopened, unsupplied
    from kedang.rulebook.unspoken import unspoken

    idle = idle_posts(book, pack)
    if idle:
        told = "write a 'permit', or give them an office post by 'is'"
        yield f"posts that may do nothing, as no permit reaches them: {', '.join(idle)}; {told}"
    lost = unentered(pack)
    if lost:
        told = "write a line for them, or say in 'made_by' which act makes them"
        yield f"records that no checklist carries, so that nobody can enter them: {', '.join(lost)}; {told}"
    never = unmet_kinds(pack)
    if never:
        told = "; ".join(f"{clause} ({', '.join(names)})" for clause, names in never.items())
        yield f"rules on papers that no line of a checklist is called, so that they never hold: {told}"
    nameless = unspoken(pack)
    if nameless:
        told = "; ".join(f"{key} ({', '.join(clauses)})" for key, clauses in nameless.items())
        yield f"values without a word, so that a reader sees their key: {told}; give each a word under 'words'"
    by_command = commands()
    from kedang.acts.facts import is_supplied

    missing = unsupplied(pack, by_command, is_supplied)
    if missing:
        yield _unsupplied(missing)
    waiting = [f"{clause} ({about})" for clause, about in unopened(pack).items()]
    if waiting:
        yield f"duties that nothing opens yet, as no clock looks at such a thing: {', '.join(waiting)}"


def _unsupplied(missing: Mapping[str, Sequence[str]]) -> str:
    told = (f"{fact} ({', '.join(acts)})" for fact, acts in missing.items())
    return "facts not supplied by any app: " + ", ".join(told)


def _report(path: Path, beneath: Beneath, wrong: list[PackError] | None = None) -> tuple[Pack, CaseReport] | None:
    """The pack and what its cases show, or nothing after its errors were printed with file and line.

    With ``wrong`` a case that cannot be read is left out, and what is wrong with it is added there.
    """
    pack = _load(path)
    if pack is None:
        return None
    under = [found for found in (_load(one) for one in beneath(path)) if found]
    beside = cases_file(path)
    try:
        Book([*under, pack])  # a pack without cases is held against law and base too
        text = beside.read_bytes() if beside.exists() else "[]\n"
        return pack, play_cases(pack, read_cases(text, beside.name, pack, under, wrong), under)
    except PackErrors as errors:
        _say(errors)
    except ClashError as error:
        _say_clashes(path, pack, error.clashes)
    return None


def cases(paths: Sequence[Path], beneath: Beneath) -> int:
    """Run the cases beside each pack; every failure with file, line and why, also of those that cannot be read."""
    failed = 0
    for path in paths:
        wrong: list[PackError] = []
        found = _report(path, beneath, wrong)
        if found is None:
            failed += 1
            continue
        _pack, report = found
        for error in wrong:
            print(error, file=sys.stderr)
        for one in report.failed:
            print(f"{cases_file(path).name}:{one.line}: {one.name}: {one.why}", file=sys.stderr)
        failed += len(report.failed) + len(wrong)
        unread = ", the cases named above could not be read" if wrong else ""
        print(f"{path.name}: {len(report.passed)} passed, {len(report.failed)} failed{unread}")
    return 1 if failed else 0


# Reading changes nothing and has no command: where these acts are asked instead.
READS = {
    "file.find": "files: visible",
    "file.read": "files: reads",
    "record.read": "files: show_scan",
    "journal.read": "web: journal_page",
}


def commands() -> dict[str, str]:
    """The acts that some installed layer offers, each with the layer and the name of its command or reader."""
    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings

    for layer in settings.INSTALLED_LAYERS:
        folder = Path(__file__).resolve().parent.parent / layer
        for path in sorted(folder.glob("*.py")):
            if "\n@command(" not in path.read_text("utf-8"):
                continue
            import_module(f"kedang.{layer}.{path.stem}")
    from kedang.acts.command import COMMANDS

    return READS | {act: f"{run.__module__.split('.')[1]}: {run.__name__}" for act, run in COMMANDS.items()}


def coverage(paths: Sequence[Path], beneath: Beneath, *, as_json: bool) -> int:
    """Where each clause has its home, and which has none; 1 when one has none."""
    from kedang.rulebook import coverage as count
    from kedang.rulebook.coverage import homes

    by_command = commands()
    from kedang.acts.facts import is_supplied

    rows = []
    for path in paths:
        found = _report(path, beneath)
        if found is None:
            return 1
        claimed = {id_ for one in found[1].failed for id_ in one.proves}
        without = [id_ for id_, home in homes(*found).items() if home == "homeless"]
        rows.append(
            count(*found, by_command, is_supplied)
            | {
                "without_home": [id_ for id_ in without if id_ not in claimed],
                "failing": [id_ for id_ in without if id_ in claimed],
            }
        )
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        keys = ("clauses", "proved", "declared", "inspection", "shown", "homeless")
        for row in rows:
            print(f"{row['policy']}: " + ", ".join(f"{key} {row[key]}" for key in keys))
            if row["without_home"]:
                print(f"  without a home: {', '.join(row['without_home'])}: write a case with 'proves' for each")
            if row["failing"]:
                print(f"  their cases fail: {', '.join(row['failing'])}: run 'kedang policy cases' and mend them")
            if row["unoffered"]:
                print("  acts that no screen offers yet (rules on them wait): " + ", ".join(row["unoffered"]))
            if row["unsupplied"]:
                print(f"  {_unsupplied(row['unsupplied'])}")
    return 1 if any(row["homeless"] for row in rows) else 0
