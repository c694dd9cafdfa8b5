"""Small parts of every screen: chips, dots, buttons that know the rules, money, dates, masks.

Parts that need markup of their own are includes in ``templates/components``; what is here is called on many lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput, Form
from django.middleware.csrf import get_token
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kedang.web import screens, words
from kedang.web.addresses import address
from kedang.web.clauses import in_language, number_of, shown, url_of
from kedang.web.menu import address_of
from kedang.web.sentences import in_words, sentence

register = template.Library()

DOTS = {
    "good": ("ok", "kept", "present", "granted", "done", "complete", "shelved", "imposed", "received"),
    "wait": ("open", "waiting", "to_follow", "asked", "proposed", "running", "in_transit", "heard"),
    "soon": ("due", "kept_late", "soon", "defective", "incomplete", "ordered"),
    "bad": ("late", "missing", "denied", "refused", "failed", "breach"),
}
DOT_OF = {state: look for look, states in DOTS.items() for state in states}


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str) -> str:
    """What the page puts into a block, so that the frame can use it twice or ask whether it is empty."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block else ""


class Said(template.Node):
    """A fixed text in the reader's language, looked up once in each: a page of rows says the same word on every row."""

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        """As Django's own node gives it."""
        key = (get_language(), context.autoescape)
        if key not in self.said:
            self.said[key] = self.node.render(context)
        return self.said[key]


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Django's tag, in whose place it stands on every screen; what is no fixed text is left to it whole."""
    node = do_translate(parser, token)
    text = node.filter_expression
    fixed = isinstance(getattr(text.var, "literal", None), str) and not text.filters
    return Said(node) if fixed and not (node.asvar or node.noop or node.message_context) else node


class Address(URLNode):
    """Django's ``url``, which looks up once where only the keys of rows differ."""

    def render(self, context: Context) -> str:
        """As Django's own node gives it."""
        arguments = [one.resolve(context) for one in self.args]
        if self.kwargs or not all(isinstance(one, int | str) for one in arguments):
            return super().render(context)
        try:
            found = address(self.view_name.resolve(context), *arguments)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """Django's tag, in whose place it stands on every screen."""
    node = django_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: str = "") -> SafeString:
    """An icon from the sprite; ``size`` may be ``sm``."""
    extra = " icon-sm" if size == "sm" else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra, static("dist/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def clause(ref: str) -> SafeString:
    """The chip of a clause (UI.md 31); a click opens its text and how it is kept."""
    return _chip(ref, url_of(ref), get_language()) if ref else SafeString("")


@lru_cache(maxsize=4096)
def _chip(ref: str, url: str, _language: str) -> SafeString:
    """The same, made once in each language."""
    if not url:
        return format_html('<span class="k-clause">{}</span>', number_of(ref))
    return format_html(
        '<a class="k-clause" href="{}" hx-get="{}" hx-target="#drawer" title="{}">{}</a>',
        url, url, _("Open the clause"), number_of(ref),
    )  # fmt: skip


@register.simple_tag
def clauses(refs: Iterable[str]) -> SafeString:
    """The chips of several clauses in the order of their numbers."""
    return format_html(
        '<span class="k-clauses">{}</span>', format_html_join("", "{}", ((clause(ref),) for ref in sorted(refs)))
    )


@register.simple_tag
def felt_on(rules: Iterable[Any]) -> list[tuple[str, Any]]:
    """The screens on which the rules of a clause are felt: address and word of each."""
    return screens.links(rules)


@register.simple_tag
def dot(state: str, label: str = "") -> SafeString:
    """A state as dot and word, never colour alone (UI.md 12)."""
    return _labelled(state, label) if label else _dot(state, get_language())


@lru_cache(maxsize=512)
def _dot(state: str, _language: str) -> SafeString:
    """The usual one, made once in each language."""
    return _labelled(state, words.state(state))


def _labelled(state: str, label: str) -> SafeString:
    return format_html('<span class="k-dot is-{}">{}</span>', DOT_OF.get(state, "off"), label)


@register.filter
def money(value: Any) -> str:
    """``1234.5`` as ``¥1,234.50``; a whole sum keeps its cents, so that columns stand in line."""
    return "" if value in (None, "") else f"¥{Decimal(str(value)):,.2f}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as ``2026-11-23``."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as ``2026-11-23 14:05`` in the house's time zone."""
    return "–" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def capped(value: int, most: int = 1000) -> str:
    """A count that stops at a thousand: ``1000+``."""
    return f"{most}+" if value > most else str(value)


@register.filter
def local(text: Any) -> str:
    """A pack's text in the reader's language."""
    return in_language(text)


@register.filter
def happened(name: str) -> str:
    """An event's name as a sentence."""
    return sentence(name)


@register.filter
def act_name(name: str) -> str:
    """An act in words: ``loan.issue`` as 借阅发出, Issue loan."""
    return in_words(name)


@register.filter
def initial(person: Any) -> str:
    """One letter for the round mark of a person."""
    return str(person)[:1]


@register.simple_tag
def person(someone: Any) -> SafeString:
    """A member of staff by name; nobody is a dash."""
    return format_html("{}", someone) if someone else SafeString("–")


@register.simple_tag(takes_context=True)
def form_token(context: dict[str, Any], seen: Any = "") -> SafeString:
    """The hidden fields of every form that acts: CSRF, the form's token, what the person was looking at."""
    request = context["request"]
    made: dict[Any, SafeString] = request.__dict__.setdefault("form_tokens", {})  # a page has one for each paper
    if seen not in made:
        made[seen] = _hidden(context, request, seen)
    return made[seen]


def _hidden(context: dict[str, Any], request: Any, seen: Any) -> SafeString:
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="token" value="{}">'
        '<input type="hidden" name="seen" value="{}">',
        context.get("csrf_token") or get_token(request), request.token, "" if seen is None else seen,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some keys changed; a key set to nothing goes."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return "?" + query.urlencode()


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, help: str = "") -> dict[str, Any]:
    """A form field with label, star, control, help and the error under it (UI.md 16)."""
    wrong = bool(bound.errors)
    extra = {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}_error"} if wrong else {}
    classes = "is-invalid" if wrong else ""
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={**extra, **({"class": classes} if classes else {})}),
        "check": isinstance(bound.field.widget, CheckboxInput),
        "help": help or bound.help_text,
        "wrong": wrong,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: Form) -> dict[str, Any]:
    """What is wrong with a form as a whole, above it."""
    return {"form": form}


@register.inclusion_tag("components/masked.html", takes_context=True)
def masked(context: dict[str, Any], value: Any, url: str = "", name: str = "") -> dict[str, Any]:
    """A sealed value as its mask; with ``url`` an eye that leads to the question why (UI.md 18)."""
    return {"value": value, "url": url, "name": name, "request": context["request"]}


@register.inclusion_tag("components/refusal.html", takes_context=True)
def refusal_of(context: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Why the rules said no to a form shown again as typed, in the words of the clauses (UI.md 16, 28)."""
    request = context["request"]
    clauses = shown(answer.clauses, request.branch, request.today) if answer else []
    return {"answer": answer, "clauses": clauses}


def consent_url(clause: str, act: str, about: str) -> str:
    """Where a request for this consent starts; nothing where the act is not known or nobody may be asked."""
    url = address_of("office:ask") if act else ""
    return f"{url}?{urlencode({'clause': clause, 'act': act, 'about': about})}" if url else ""


@register.inclusion_tag("components/act_button.html", takes_context=True)
def act_button(context: dict[str, Any], answer: Any, label: str, url: str, **options: Any) -> dict[str, Any]:
    """A button that knows the rules (UI.md 32).

    ``answer`` is the rulebook's advice or nothing (then the button is plain).  Options: ``method`` ("get" or
    "post"), ``icon``, ``kind`` ("primary", "danger"), ``ask_url`` where a request for consent starts (or ``act`` and
    ``about``, for which the address is made), ``confirm`` (a sentence that states the effect), ``name`` and ``value``
    of one hidden field, ``seen``.
    """
    verdict = getattr(answer, "verdict", "yes")
    asked = [
        {
            "clause": ask.clause, "from": words.askers(ask.steps, context["request"]),
            "url": consent_url(ask.clause, options.get("act", ""), options.get("about", "")),
        }
        for ask in getattr(answer, "asks", ())
    ]  # fmt: skip
    return {
        "verdict": verdict,
        "clauses": getattr(answer, "clauses", ()),
        "reasons": words.reasons(answer, context["request"]) if verdict == "no" else [],
        "asked": asked,
        "label": label,
        "url": url,
        "method": options.get("method", "get"),
        "icon": options.get("icon", ""),
        "kind": options.get("kind", ""),
        "ask_url": options.get("ask_url", "") or (asked[0]["url"] if asked else ""),
        "confirm": options.get("confirm", ""),
        "name": options.get("name", ""),
        "value": options.get("value", ""),
        "seen": options.get("seen", ""),
        "request": context["request"],
    }
