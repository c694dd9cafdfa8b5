"""Reads what a pack declares before its clauses: posts, units, files, records, checklists, defaults."""

from __future__ import annotations

from kedang.rulebook.pack import (
    GRADES,
    STRENGTHS,
    Checklist,
    ChecklistLine,
    Default,
    FieldKind,
    FileKind,
    JobKind,
    Milestone,
    Named,
    Post,
    RecordKind,
    Role,
    Text,
    Unit,
)
from kedang.rulebook.reading import Node
from kedang.rulebook.shapes import INTEGER, Reader

FIELD_TYPES = (
    "text", "long-text", "name", "phone", "mobile", "landline", "email", "address", "vin", "plate", "id-number", "uscc",
    "identity", "date", "lunar-date", "number", "money", "yes-no", "choice", "many", "photo", "signature", "customer",
)  # fmt: skip
FINDS = ("exact", "tail-4", "name", "none")
RECORD_TYPES = (
    "document",
    "identity",
    "certificate",
    "photo",
    "form",
    "drawing",
    "audio",
    "video",
    "object",
    "electronic",
)
FORMS = ("original", "copy", "unspecified")


def text_of(reader: Reader) -> Text:
    """The thing's name; English may be left out for what a trade names in Chinese only."""
    zh = reader.text("zh", required=True)
    return Text(zh, reader.text("en", zh))


def named(key: str, reader: Reader) -> Named:
    """A thing with nothing but a name."""
    return Named(key, text_of(reader), reader.line)


def read_unit(key: str, reader: Reader) -> Unit:
    """A department and the post that leads it."""
    return Unit(key, text_of(reader), reader.line, head=reader.id("head"))


def read_post(key: str, reader: Reader) -> Post:
    """A post of the policy."""
    return Post(
        key,
        text_of(reader),
        reader.line,
        unit=reader.id("unit"),
        reports_to=reader.id("reports_to"),
        is_=reader.words("is"),
    )


def read_role(key: str, reader: Reader) -> Role:
    """A role that one person has on one file."""
    optional = reader.one_of("strength", ("gate", "optional"), "gate") == "optional"
    return Role(key, text_of(reader), reader.line, posts=reader.words("post"), optional=optional)


def read_field(key: str, reader: Reader) -> FieldKind:
    """A field; its grade must be said, there is no default."""
    return FieldKind(
        key,
        text_of(reader),
        reader.line,
        type=reader.one_of("type", FIELD_TYPES, required=True),
        grade=reader.one_of("grade", GRADES, required=True),
        find=reader.one_of("find", FINDS, "none"),
        strength=reader.one_of("strength", STRENGTHS, "complete"),
        choices=tuple(reader.names("choices", lambda _, inner: text_of(inner)).items()),
        part=reader.id("part"),
    )


def read_job(key: str, reader: Reader) -> JobKind:
    """Something that recurs on a file."""
    return JobKind(
        key,
        text_of(reader),
        reader.line,
        milestones=reader.names("milestones", lambda name, inner: _milestone(key, name, inner)),
        roles=reader.names("roles", read_role),
        fields=reader.names("fields", read_field),
        kinds=reader.names("kinds", named),
    )


def read_file_kind(key: str, reader: Reader) -> FileKind:
    """A kind of file."""
    return FileKind(
        key,
        text_of(reader),
        reader.line,
        one_per=reader.id("one_per"),
        one_until=reader.id("one_until"),
        roles=reader.names("roles", read_role),
        milestones=reader.names("milestones", lambda name, inner: _milestone(key, name, inner)),
        jobs=reader.names("jobs", read_job),
        parts=reader.names("parts", named),
        fields=reader.names("fields", read_field),
        one_per_line=reader.pairs["one_per"].line if "one_per" in reader.pairs else reader.line,
    )


def _milestone(kind: str, key: str, reader: Reader) -> Milestone:
    date = reader.text("date", f"{key}_on")
    return Milestone(key, text_of(reader), reader.line, event=f"{kind}.{key}", date=f"{kind}.{date}")


def read_record(key: str, reader: Reader) -> RecordKind:
    """A kind of record; identity papers are personal unless said otherwise."""
    type_ = reader.one_of("type", RECORD_TYPES, "document")
    grade = reader.one_of("grade", GRADES, "personal" if type_ == "identity" else "open")
    made_by = reader.text("made_by")
    fields = reader.names("fields", read_field)
    return RecordKind(key, text_of(reader), reader.line, type=type_, grade=grade, made_by=made_by, fields=fields)


def read_checklist(key: str, reader: Reader) -> Checklist:
    """The papers that a file, or a kind of job on it, must hold."""
    file, job, kind = reader.id("file", required=True), reader.id("job"), reader.id("kind")
    zh = reader.text("zh", key)
    text = Text(zh, reader.text("en", key))
    node = reader.take("lines", required=True)
    if node is not None and not node.items:
        reader.faults.add(node.line, "'lines' is a list of checklist lines")
    lines = tuple(_line(item, reader) for item in (node.items if node else None) or ())
    keys = [line.key for line in lines]
    for line in lines:
        if keys.count(line.key) > 1:
            reader.faults.add(line.line, f"the checklist line '{line.key}' stands twice")
    return Checklist(key, text, reader.line, file=file, job=job, kind=kind, lines=lines)


def _line(node: Node, outer: Reader) -> ChecklistLine:
    return read_line(Reader(node, outer.faults, "a checklist line"), node.line)


def read_line(reader: Reader, line_number: int) -> ChecklistLine:
    """One line of a checklist."""
    key = reader.id("line", required=True)
    line = ChecklistLine(
        key=key,
        any_of=reader.words("any_of") or (key,),
        form=reader.one_of("form", FORMS, "unspecified"),
        sides=reader.number("sides", 1) or 1,
        signed_by=reader.words("signed_by"),
        inspection=reader.flag("inspection"),
        strength=reader.one_of("strength", STRENGTHS, "complete"),
        when=reader.one_of("when", ("asked",)),
        part=reader.id("part"),
        line=line_number,
    )
    reader.done()
    return line


def read_default(key: str, reader: Reader) -> Default:
    """A value that the source leaves open, within `may_be`: two bounds of a number, or the allowed words."""
    reader.text("default")  # "not in the source": shown, not obeyed
    value = reader.text("value", required=True)
    may_be = reader.words("may_be")
    default = Default(
        key,
        int(value) if INTEGER.match(value) else value,
        tuple(int(item) if INTEGER.match(item) else item for item in may_be),
        reader.line,
    )
    _check_bounds(default, reader)
    reader.done()
    return default


def _check_bounds(default: Default, reader: Reader) -> None:
    """Two bounds of a number stand in their order with the value between; a word is among the words."""
    bounds = default.may_be
    if len(bounds) == 2 and all(isinstance(one, int) for one in bounds):
        low, high = bounds
        fits = isinstance(default.value, int) and low <= default.value <= high  # type: ignore[operator]
    else:
        fits = not bounds or default.value in bounds or "pattern" in bounds  # a number made after a pattern
    if not fits:
        reader.faults.add(
            reader.line, f"the default '{default.key}' lies outside its own 'may_be'; write the lower bound first"
        )
