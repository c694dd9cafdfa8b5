"""The fields of a rule as a page shows them: selects in plain words, rows that a button adds, errors beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kedang.office.clause_text import Where
from kedang.office.rule_forms import ClauseTyped, Errors, RuleTyped
from kedang.office.rule_offers import Group, Offers
from kedang.office.rule_shapes import Key, shapes
from kedang.office.thing_shapes import thing_shapes
from kedang.rulebook.declared_words import SORT_WORDS, declared_choice, declared_hint
from kedang.rulebook.form_words import BODY_WORDS, HINTS, key_words

ONE_LINE = 4_000
ACT_OF = {"when": ("act", "for", "after"), "that": ("act",), "done_when": ("done_by", "reach")}
LISTS = ("points", "counted", "columns", "tables", "settings", "facts", "orders", "days", "valued")


@dataclass(frozen=True)
class Field:
    """One key of a rule: its label, its controls (one for each row), and whether another row can be asked for."""

    name: str
    label: str
    controls: Sequence[SafeString]
    required: bool
    hint: str
    errors: Sequence[str]
    more: str = ""  # the button that adds a row: its value
    wide: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule of the form: what stands open, and the keys that a button brings."""

    number: int
    body: str
    label: str
    fields: Sequence[Field]
    others: Sequence[tuple[str, str]]
    opened: Sequence[str]
    errors: Sequence[str]


class Widgets:
    """Builds the fields of one form."""

    def __init__(
        self, offers: Offers, errors: Errors, asked: str, opened: Iterable[str], fixed: frozenset[str] = frozenset()
    ) -> None:
        self.offers, self.errors = offers, errors
        self.fixed = fixed  # fields that cannot be changed any more: "0.key"
        self.asked = asked  # the field for which another row was asked: "0.when"
        self.closed: set[str] = set()  # the facts of the form whose values are a closed list
        self.opened = {*opened, *([asked] if asked else ())}

    def rules(self, typed: ClauseTyped) -> list[Rule]:
        """Every rule of a clause."""
        return self.parts(typed.rules)

    def parts(self, typed: Iterable[RuleTyped]) -> list[Rule]:
        """Rules, or things that a policy declares."""
        return [self._rule(number, rule) for number, rule in enumerate(typed)]

    def _rule(self, number: int, rule: RuleTyped) -> Rule:
        fields, others, opened = [], [], []
        for key in shapes().get(rule.body) or thing_shapes().get(rule.body, ()):
            if f"{number}.{key.name}" in self.fixed:
                continue
            name, errors = f"{number}.{key.name}", self.errors.get(Where(number, key.name), [])
            if key.leading or rule.values.get(key.name) or name in self.opened or errors:
                fields.append(self._field(key, name, rule, errors))
            else:
                others.append((name, self._label(key)))
            if name in self.opened:
                opened.append(name)
        label = self.offers.word(SORT_WORDS if rule.body in SORT_WORDS else BODY_WORDS, rule.body)
        return Rule(number, rule.body, label, fields, others, opened, self.errors.get(Where(number), []))

    def _label(self, key: Key) -> str:
        return self.offers.namer.say(*key_words(key.body, key.name))

    def _field(self, key: Key, name: str, rule: RuleTyped, errors: Sequence[str]) -> Field:
        said = rule.values.get(key.name)
        hint = HINTS.get(f"{key.body}.{key.name}") or declared_hint(key.body, key.name)
        rows = self._rows(key, name, said, rule)
        grows = (key.many and key.kind != "window") or key.kind in ("conditions", "steps", "series")
        return Field(
            name, self._label(key), rows, key.required or (key.body, key.name) == ("inspect", "line"),
            self.offers.namer.say(*hint) if hint else "", errors, more=name if grows else "",
            wide=key.kind in ("conditions", "steps", "both", "pairs") or key.name == "refs",
        )  # fmt: skip

    def _rows(self, key: Key, name: str, said: Any, rule: RuleTyped) -> list[SafeString]:
        if key.kind == "conditions":
            near = next(
                (self._first(rule.values.get(one)) for one in ACT_OF.get(key.name, ()) if rule.values.get(one)), ""
            )
            rows = self._with_blank(said, name, {"fact": "", "op": "in", "value": ""}, key.required)
            return [self._condition(name, number, row, near) for number, row in enumerate(rows)]
        if key.kind == "steps":
            rows = self._with_blank(said, name, {"who": [], "all": False}, True)
            return [self._step(name, number, row) for number, row in enumerate(rows)]
        if key.kind == "series":
            rows = self._with_blank(said, name, {"number": "", "days": ""}, True)
            return [self._turn(name, number, row) for number, row in enumerate(rows)]
        if key.kind == "pairs":
            rows = self._with_blank(said, name, {"key": "", "zh": "", "en": ""}, True)
            return [self._choice(name, number, row) for number, row in enumerate(rows)]
        if key.kind == "both":
            return [self._both(name, said or {})]
        if key.kind == "window":
            ends = [*(said or []), "", ""][:2]
            return [
                self._text(name, number, one, "06-01" if number == 0 else "06-30") for number, one in enumerate(ends)
            ]
        if key.many:
            return [self._one(key, name, n, one) for n, one in enumerate(self._with_blank(said, name, "", True))]
        return [self._one(key, name, 0, said or "")]

    @staticmethod
    def _first(value: Any) -> str:
        return str(value[0]) if isinstance(value, list) else str(value)

    def _with_blank(self, said: Any, name: str, blank: Any, wanted: bool) -> list[Any]:
        """What is filled in, and an empty row where one was asked for or nothing stands yet."""
        rows = list(said or [])
        return [*rows, blank] if self.asked == name or (not rows and (wanted or name in self.opened)) else rows

    def _one(self, key: Key, name: str, number: int, value: str) -> SafeString:
        label = self._label(key)
        if key.kind in ("select", "act", "breach", "every"):
            source = {"act": "acts", "breach": "breaches", "every": "every"}.get(key.kind, key.source)
            return select(name, f"{name}.{number}", self.offers.of(source), value, label)
        if key.kind == "choice":
            groups = (("", tuple((one, self._said(key, one)) for one in key.choices)),)
            return select(name, f"{name}.{number}", groups, value, label)
        if key.kind in ("whole", "money"):
            mode = "numeric" if key.kind == "whole" else "decimal"
            return self._text(name, number, value, "", label, mode)
        return self._text(name, number, value, "", label, source=key.proposed)

    def _said(self, key: Key, one: str) -> str:
        """A choice of a closed list in words."""
        pair = declared_choice(key.name, one) if key.body in SORT_WORDS else None
        return self.offers.namer.say(*pair) if pair else self.offers.choice(one)

    def _text(
        self, name: str, number: int, value: str, example: str = "", label: str = "", mode: str = "", source: str = ""
    ) -> SafeString:
        return format_html(
            '<input class="form-control" id="{}" name="{}" value="{}" aria-label="{}" placeholder="{}"{}{}'
            ' maxlength="{}">',
            f"{name}.{number}", name, value, label or name, example,
            format_html(' inputmode="{}"', mode) if mode else "",
            format_html(' list="list-{}"', source) if source else "", ONE_LINE,
        )  # fmt: skip

    def _condition(self, name: str, number: int, row: Mapping[str, str], act: str) -> SafeString:
        return format_html(
            '<div class="k-condition">{}{}{}</div>',
            select(f"{name}.fact", f"{name}.{number}.fact", self.offers.of("facts", act), row["fact"], _("Fact")),
            select(f"{name}.op", f"{name}.{number}.op", self.offers.operators, row["op"], _("is"), blank=False),
            format_html(
                '<input class="form-control" id="{}" name="{}" value="{}" aria-label="{}" list="{}" maxlength="{}">',
                f"{name}.{number}.value", f"{name}.value", row["value"], _("Held against"),
                self._list_of(row["fact"]), ONE_LINE,
            ),
        )  # fmt: skip

    def _list_of(self, fact: str) -> str:
        """The list that proposes what a fact can be; a closed one is written with the form."""
        if not self.offers.values_of(fact):
            return "list-values"
        self.closed.add(fact)
        return f"list-values-{fact}"

    def _step(self, name: str, number: int, row: Mapping[str, Any]) -> SafeString:
        inner = f"{name}.{number}.who"
        asked = self.asked == inner
        people = [*row["who"], ""] if asked or not row["who"] else row["who"]
        picks = [select(inner, f"{inner}.{at}", self.offers.people, one, _("Of whom")) for at, one in enumerate(people)]
        return format_html(
            '<fieldset class="k-step"><legend>{}</legend><input type="hidden" name="{}" value="{}">{}'
            '<label class="k-inline"><input type="checkbox" name="{}" value="yes"{}> {}</label>'
            '<button class="btn btn-sm" name="do" value="row.{}">{}</button></fieldset>',
            _("Step %(n)d") % {"n": number + 1}, f"{name}.step", number,
            format_html_join("", "{}", ((one,) for one in picks)), f"{name}.{number}.all",
            mark_safe(" checked") if row["all"] else "", _("All of them must agree"), inner, _("Another person"),
        )  # fmt: skip

    def _turn(self, name: str, number: int, row: Mapping[str, str]) -> SafeString:
        return format_html(
            '<div class="k-condition">{}{}</div>',
            self._pair(f"{name}.number", f"{name}.{number}.number", row["number"], _("Which time")),
            self._pair(f"{name}.days", f"{name}.{number}.days", row["days"], _("Days")),
        )

    @staticmethod
    def _choice(name: str, number: int, row: Mapping[str, str]) -> SafeString:
        inputs = format_html_join(
            "",
            '<input class="form-control" id="{0}.{1}.{2}" name="{0}.{2}" value="{3}" aria-label="{4}"'
            ' placeholder="{4}" maxlength="200">',
            (
                (name, number, one, row[one], label)
                for one, label in (("key", _("Key")), ("zh", "中文"), ("en", "English"))
            ),
        )
        return format_html('<div class="k-condition">{}</div>', inputs)

    @staticmethod
    def _pair(name: str, id_: str, value: str, label: str) -> SafeString:
        return format_html(
            '<input class="form-control" id="{}" name="{}" value="{}" aria-label="{}" placeholder="{}"'
            ' inputmode="numeric">',
            id_, name, value, label, label,
        )  # fmt: skip

    @staticmethod
    def _both(name: str, said: Mapping[str, str]) -> SafeString:
        return format_html_join(
            "",
            '<textarea class="form-control" id="{0}.{1}" name="{0}.{1}" rows="2" aria-label="{2}"'
            ' placeholder="{2}">{3}</textarea>',
            ((name, one, label, said.get(one, "")) for one, label in (("zh", "中文"), ("en", "English"))),
        )

    def lists(self) -> SafeString:
        """The words that text fields propose, once for the whole form."""
        values: Group = ("", tuple((said, "") for said in dict.fromkeys(self.offers.value_words.values())))
        closed = {f"values-{fact}": (("", _plain(self.offers.values_of(fact))),) for fact in sorted(self.closed)}
        found = {"values": (values,)} | closed | {source: self.offers.proposals(source) for source in LISTS}
        return mark_safe("".join(f'<datalist id="list-{key}">{_options(one)}</datalist>' for key, one in found.items()))


def _plain(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((word, "") for word in dict.fromkeys(said.values()))


def select(name: str, id_: str, groups: Sequence[Group], chosen: str, label: str, blank: bool = True) -> SafeString:
    """A choice in groups; what is chosen and not among them stays as it is."""
    known = {key for _group, options in groups for key, _said in options}
    html = _options(groups)
    if chosen and chosen not in known:
        html = f'<option value="{escape(chosen)}">{escape(chosen)}</option>' + html
    if chosen:
        mark = f'<option value="{escape(chosen)}"'
        html = html.replace(mark, mark + " selected", 1)
    first = '<option value="">–</option>' if blank else ""
    return format_html(
        '<select class="form-select" id="{}" name="{}" aria-label="{}">{}</select>', id_, name, label,
        mark_safe(first + html),
    )  # fmt: skip


def _options(groups: Sequence[Group]) -> str:
    """The options of groups, every word escaped."""
    return "".join(_grouped(label, options) for label, options in groups)


def _grouped(label: str, options: Sequence[tuple[str, str]]) -> str:
    inner = "".join(f'<option value="{escape(key)}">{escape(said)}</option>' for key, said in options)
    return f'<optgroup label="{escape(label)}">{inner}</optgroup>' if label else inner
