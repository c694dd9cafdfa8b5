"""From YAML text to a `Pack`, strictly: a duplicate, unknown or mistyped key is an error with file and line.

Two passes: what the pack declares and its clauses (`declarations`, `bodies`), then whether every name that a rule
uses is declared somewhere (`checking`). All faults are reported together.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kedang.rulebook.bodies import read_rule
from kedang.rulebook.checking import check_pack
from kedang.rulebook.declarations import read_checklist, read_default, read_file_kind, read_post, read_record, read_unit
from kedang.rulebook.pack import Clause, Default, Named, Pack, Rule, Text
from kedang.rulebook.reading import Node, read_yaml
from kedang.rulebook.shapes import Faults, Reader

LANGUAGES = (1,)
CALENDARS = ("cn",)  # those that ship beside the packs
LONGEST = {
    "pack": 60,
    "edition": 40,
    "clauses": 80,
}  # characters that an adoption, and a clause's whole reference, hold
CLAUSE_ID = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*\Z")
LOOKS_LIKE_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?\Z")
FILE_NAME = re.compile(r"(?P<number>[0-9]{2})-(?P<slug>[a-z0-9-]+)\.yaml\Z")


def load_file(path: Path | str) -> Pack:
    """The pack in a file; raises `PackErrors`, or OSError when the file cannot be read."""
    path = Path(path)
    return load_pack(path.read_bytes(), path.name)


def load_pack(source: bytes | str, name: str) -> Pack:
    """The pack that a text says. `name` is the file's name: it stands in messages and gives a boxed pack its number.

    Raises `PackErrors` with everything that is wrong, in the order of lines.
    """
    root = read_yaml(source, name)
    faults = Faults(name)
    reader = Reader(root, faults, "the pack")
    match = FILE_NAME.match(Path(name).name)
    slug = reader.id("pack", required=True)
    number = match["number"] if match and match["number"] != "00" else slug  # law and base share 00
    pack = read_declared(reader, number, slug, source, name)
    _check_head(root, pack, faults)
    reader.done()
    faults.finish()
    check_pack(pack, faults)
    faults.finish()
    return pack


def _check_head(root: Node, pack: Pack, faults: Faults) -> None:
    """What stands above the clauses is short enough to be kept, and names a calendar and a zone that there are."""
    pairs = root.pairs or {}
    lines = {key: node.line for key, node in pairs.items()}
    for key, said in (("pack", pack.slug), ("edition", pack.edition)):
        if len(said) > LONGEST[key]:
            faults.add(lines.get(key, 1), f"'{key}' has {len(said)} characters; at most {LONGEST[key]}")
    for clause in pack.clauses.values():
        if len(clause.ref) > LONGEST["clauses"]:
            faults.add(
                clause.line, f"a clause id of {len(clause.id)} characters is too long; write the policy's own number"
            )
    if pack.calendar not in CALENDARS:
        faults.add(
            lines.get("calendar", 1), f"no calendar '{pack.calendar}' is known; write one of: {', '.join(CALENDARS)}"
        )
    if not _is_zone(pack.time_zone):
        faults.add(lines.get("time_zone", 1), f"'{pack.time_zone}' is not a time zone; write one like Asia/Shanghai")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_declared(reader: Reader, number: str, slug: str, source: bytes | str, name: str) -> Pack:
    """What the pack says, before its names are checked; faults go to the reader."""
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    canonical = text.replace("\r\n", "\n")
    language = reader.number("language", 1, required=True)
    if language is not None and language not in LANGUAGES:
        reader.faults.add(reader.line, f"language {language} is newer than this program reads; write language: 1")
    return Pack(
        number=number,
        slug=slug,
        rank=reader.one_of("rank", ("law", "policy", "base"), "policy"),
        language=language or 1,
        edition=reader.text("edition", required=True),
        title=reader.both("title", required=True),
        calendar=reader.id("calendar", "cn"),
        time_zone=reader.text("time_zone", "Asia/Shanghai"),
        stance=_stance(reader),
        units=reader.names("units", read_unit),
        posts=reader.names("posts", read_post),
        words=reader.names("words", lambda key, inner: _text(inner)),
        files=reader.names("files", read_file_kind),
        records=reader.names("records", read_record),
        checklists=reader.names("checklists", read_checklist),
        registers=reader.names("registers", _named),
        defects=reader.names("defects", _named),
        incidents=reader.names("incidents", _named),
        rounds=reader.names("rounds", _named),
        segments=reader.names("segments", _named),
        defaults=_defaults(reader),
        clauses=_clauses(reader, number),
        bases=reader.words("bases"),
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
        canonical=canonical,
        name=name,
    )


def _text(reader: Reader) -> Text:
    return Text(reader.text("zh", required=True), reader.text("en", required=True))


def _named(key: str, reader: Reader) -> Named:
    return Named(key, _text(reader), reader.line)


def _stance(reader: Reader) -> dict[str, str]:
    node = reader.take("stance")
    if node is None:
        return {"read": "forbidden", "change": "forbidden"}
    inner = Reader(node, reader.faults, "stance")
    values = ("forbidden", "permitted")
    stance = {key: inner.one_of(key, values, "forbidden") for key in ("read", "change")}
    inner.done()
    return stance


def _defaults(reader: Reader) -> dict[str, Default]:
    node = reader.take("defaults")
    if node is None or node.pairs is None:
        return {}
    return {
        key: read_default(key, Reader(value, reader.faults, f"default '{key}'")) for key, value in node.pairs.items()
    }


def _clauses(reader: Reader, number: str) -> dict[str, Clause]:
    node = reader.take("clauses", required=True)
    if node is None or node.items is None:
        reader.faults.add(reader.line, "'clauses' is a list: '- id: \"1.1\"' and so on")
        return {}
    clauses: dict[str, Clause] = {}
    folded: dict[str, int] = {}
    for item in node.items:
        clause = _clause(item, number, reader.faults)
        first = folded.setdefault(clause.id.casefold(), item.line)
        if first != item.line:
            reader.faults.add(item.line, f"the clause '{clause.id}' stands twice (first in line {first})")
        clauses[clause.id] = clause
    return clauses


def _clause(node: Node, number: str, faults: Faults) -> Clause:
    return read_clause(Reader(node, faults, "a clause"), node.line, number)


def read_clause(reader: Reader, line: int, number: str) -> Clause:
    """One clause with its rules."""
    faults = reader.faults
    id_node = reader.take("id", required=True)
    id_ = reader.scalar(id_node, "id") if id_node else ""
    reader.what = f"clause {id_}"
    if id_node and LOOKS_LIKE_NUMBER.match(id_) and not id_node.quoted:
        faults.add(id_node.line, f'write the clause id in quotes: id: "{id_}" (unquoted, 7.10 reads as 7.1 elsewhere)')
    elif id_node and not CLAUSE_ID.match(id_):
        faults.add(id_node.line, f"'{id_}' is not a clause id; write the policy's own number, like \"7.4.1a\"")
    rules_node = reader.take("rules", required=True)
    rules: list[Rule] = []
    if rules_node is not None and not rules_node.items:
        faults.add(rules_node.line, "'rules' is a list of at least one rule; a principle has '- show'")
    for index, item in enumerate((rules_node.items if rules_node else None) or ()):
        rule = read_rule(item, number, id_, index, faults)
        if rule is not None:
            rules.append(rule)
    clause = Clause(
        id=id_,
        pack=number,
        text=_text(reader),
        rules=tuple(rules),
        superseded_by=reader.text("superseded_by"),
        default=reader.text("default") != "",
        note=reader.text("note"),
        line=line,
    )
    reader.done()
    return clause
