"""The form of a pack as JSON Schema 2020-12, for editors: completion and red underlines while writing.

It is made by letting the loader's own readers read a map that remembers what it was asked for, so that no key is
listed twice. What needs the whole pack (is this post declared? is this an event?) stays with the loader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from kedang.rulebook import bodies, declarations, limit_reading, loading
from kedang.rulebook.conditions import BOUNDS
from kedang.rulebook.pack import Text
from kedang.rulebook.reading import Node
from kedang.rulebook.shapes import Faults, Reader
from kedang.rulebook.vocabulary import ACTS

T = TypeVar("T")
Schema = dict[str, Any]

SCALAR: Schema = {"type": ["string", "number"]}
WHOLE: Schema = {"type": ["integer", "string"], "pattern": "^-?(0|[1-9][0-9]{0,8})$"}
MONEY: Schema = {"type": ["number", "string"], "pattern": "^[0-9]+(\\.[0-9]{1,2})?$"}
ID: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}
WORDS: Schema = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}
BOTH: Schema = {
    "type": "object",
    "properties": {"zh": SCALAR, "en": SCALAR},
    "required": ["zh", "en"],
    "additionalProperties": False,
}
CONDITIONS: Schema = {
    "type": "object",
    "description": "fact: value, list of values, or bounds",
    "additionalProperties": {
        "anyOf": [WORDS, {"type": "object", "propertyNames": {"enum": list(BOUNDS)}, "additionalProperties": WORDS}]
    },
}
STEPS: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {
        "anyOf": [
            WORDS,
            {
                "type": "object",
                "properties": {"all_of": WORDS},
                "required": ["all_of"],
                "additionalProperties": False,
            },
        ]
    },
}
BREACH: Schema = {
    "type": "object",
    "propertyNames": {"enum": ["late", "defect", "incident"]},
    "additionalProperties": SCALAR,
    "minProperties": 1,
    "maxProperties": 1,
}
DAYS, MONTHS, YEARS, HOURS, MINUTES = (
    {"anyOf": [WHOLE, {"type": "string", "pattern": one.pattern.replace("\\Z", "$")}]}
    for one in limit_reading.SETTING_OF.values()
)
EVERY: Schema = {
    "anyOf": [{"enum": list(bodies.PERIODS)}, {"type": "string", "pattern": bodies.PERIOD.pattern.replace("\\Z", "$")}]
}
ACT: Schema = {"$ref": "#/$defs/act"}
TESTS: Schema = {"$ref": "#/$defs/conditions"}
# what a reader looks into by itself, by body and key
SHAPES: Mapping[tuple[str, str], Schema] = {
    ("consent", "from"): STEPS,
    ("consent", "lasts_days"): DAYS,
    ("duty", "series"): {"type": "object", "propertyNames": {"pattern": "^[0-9]+$"}, "additionalProperties": WHOLE},
    ("duty", "from"): SCALAR,
    ("duty", "every"): EVERY,
    ("duty", "within_days"): DAYS,
    ("duty", "within_working_days"): DAYS,
    ("duty", "within_months"): MONTHS,
    ("duty", "within_years"): YEARS,
    ("duty", "within_hours"): HOURS,
    ("duty", "within_minutes"): MINUTES,
    ("sanction", "for"): BREACH,
    ("aggravate", "for"): BREACH,
    ("choose", "for"): ACT,
    ("inspect", "line"): BOTH,
}
# keys that exclude each other, each tried in turn so that the reader asks for it
ALTERNATIVES: Mapping[str, tuple[str, ...]] = {"duty": limit_reading.LIMIT_KEYS, "choose": bodies.CHOICES}
EXACTLY_ONE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "duty": (("after", "every", "when_true"), ("done_by", "reach")),
    "choose": (bodies.CHOICES,),
    "aggravate": (("in", "within_days"),),
}


class Recorder(Reader):
    """Reads nothing and remembers what it was asked for."""

    def __init__(self, what: str, present: Iterable[str] = ()) -> None:
        super().__init__(Node(0, pairs={}), Faults(what), what)
        self.pairs = {key: Node(0, text="") for key in present}
        self.properties: dict[str, Schema] = {}
        self.required: set[str] = set()

    def note(self, key: str, schema: Schema, required: bool = False) -> None:
        """Remember a key; what a body's reader looks into by itself has its schema in `SHAPES`."""
        if not schema and key in bodies.CONDITION_KEYS:
            schema = TESTS
        elif key in ("act", "made_by"):
            schema = ACT
        self.properties[key] = SHAPES.get((self.what, key), schema)
        if required:
            self.required.add(key)

    def take(self, key: str, required: bool = False) -> Node | None:
        """Anything."""
        self.note(key, {}, required)
        return None

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """A scalar."""
        self.note(key, SCALAR, required)
        return default

    def id(self, key: str, default: str = "", required: bool = False) -> str:
        """A short id."""
        self.note(key, ID, required)
        return default

    def one_of(self, key: str, allowed: Iterable[str], default: str = "", required: bool = False) -> str:
        """One of the allowed words."""
        self.note(key, {"enum": list(allowed)}, required)
        return default

    def number(self, key: str, at_least: int = 0, required: bool = False) -> int | None:
        """A whole number."""
        self.note(key, {**WHOLE, "minimum": at_least}, required)
        return None

    def money(self, key: str) -> Decimal | None:
        """An amount in yuan."""
        self.note(key, MONEY)
        return None

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """One text or a list of texts."""
        self.note(key, WORDS, required)
        return ()

    def both(self, key: str, required: bool = False) -> Text:
        """A text in both languages."""
        self.note(key, BOTH, required)
        return Text("", "")

    def names(self, key: str, make: Callable[[str, Reader], T]) -> dict[str, T]:
        """A map of declared things."""
        inner = Recorder(key)
        make(key, inner)
        self.note(key, {"type": "object", "propertyNames": ID, "additionalProperties": inner.schema()})
        return {}

    def schema(self) -> Schema:
        """The map as it was asked for."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": sorted(self.required),
            "additionalProperties": False,
        }


def pack_schema() -> Schema:
    """The schema of a whole pack."""
    top = Recorder("the pack")
    loading.read_declared(top, "", "", "", "")
    top.properties["language"] = {"enum": [*loading.LANGUAGES, *map(str, loading.LANGUAGES)]}
    stance = {"enum": ["forbidden", "permitted"]}
    top.properties["stance"] = {
        "type": "object", "properties": {"read": stance, "change": stance}, "additionalProperties": False,
    }  # fmt: skip
    top.properties["defaults"] = {"type": "object", "additionalProperties": _of("a default", _default)}
    top.properties["checklists"]["additionalProperties"]["properties"]["lines"] = {
        "type": "array", "minItems": 1, "items": _of("a checklist line", _line),
    }  # fmt: skip
    clause = _of("a clause", lambda reader: loading.read_clause(reader, 0, ""))
    clause["properties"]["id"] = {"type": "string", "description": "the policy's own number, in quotes"}
    clause["properties"]["rules"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/rule"}}
    top.properties["clauses"] = {"type": "array", "items": clause}
    top.note("pack", ID, required=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A written policy as data",
        **top.schema(),
        "$defs": {
            "act": {"enum": sorted(ACTS)},
            "conditions": CONDITIONS,
            "rule": {"oneOf": [{"const": "show"}, *(_rule(name) for name in bodies.READERS)]},
        },
    }


def _of(what: str, read: Callable[[Recorder], object]) -> Schema:
    recorder = Recorder(what)
    read(recorder)
    return recorder.schema()


def _default(reader: Reader) -> object:
    return declarations.read_default("key", reader)


def _line(reader: Reader) -> object:
    return declarations.read_line(reader, 0)


def _rule(name: str) -> Schema:
    return {"type": "object", "properties": {name: _body(name)}, "required": [name], "additionalProperties": False}


def _body(name: str) -> Schema:
    if name == "declare":
        return WORDS
    if name == "settle":
        return {"type": "object", "properties": {"when": TESTS}, "additionalProperties": SCALAR}
    recorder = Recorder(name)
    for present in ALTERNATIVES.get(name, ("",)):
        recorder.pairs = {present: Node(0, text="")} if present else {}
        recorder.faults = Faults(name)
        bodies.READERS[name](recorder, {"pack": "", "clause": "", "index": 0, "line": 0})
    schema = recorder.schema()
    exactly = [{"oneOf": [{"required": [key]} for key in keys]} for keys in EXACTLY_ONE.get(name, ())]
    return {**schema, "allOf": exactly} if exactly else schema
