"""The three answers of an act that did not happen, as pages: refused (403), overtaken (409), wrong form (422)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from kedang.acts.answers import Invalid, Refused, Stale
from kedang.adoptions.queries import book_for
from kedang.rulebook.rules import Permit
from kedang.web import words
from kedang.web.clauses import shown


def answer_page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for an answer of the rules; nothing for any other error."""
    if isinstance(error, Refused):
        return _refused(request, error)
    if isinstance(error, Stale):
        return render(request, "web/stale.html", {"back": _back(request)}, status=409)
    if isinstance(error, Invalid):
        said = [(words.label_of(name), message) for name, message in error.errors.items()]
        return render(request, "web/invalid.html", {"said": said, "back": _back(request)}, status=422)
    return None


def _back(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of this house."""
    url = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else "/"


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Quotes the clauses.  A ``hidden`` refusal must not say that the thing exists: 404."""
    if getattr(error, "hidden", False):
        raise Http404
    answer = error.answer
    book = book_for(request.branch, request.today)  # type: ignore[attr-defined]
    others = {rule.ref for rule in book.rules_of(Permit) if rule.act == error.act} if not answer.clauses else set()
    asks = [{"clause": ask.clause, "people": words.askers(ask.steps, request)} for ask in answer.asks]
    lacking = [
        {
            "clause": one.clause,
            "name": words.fact(book, one.clause, one.fact),
            "wanted": words.value(one.wanted),
            "found": words.value(one.found),
        }
        for one in answer.lacking
    ]
    context = {
        "answer": answer,
        "clauses": shown(answer.clauses, request.branch, request.today),  # type: ignore[attr-defined]
        "others": shown(others, request.branch, request.today),  # type: ignore[attr-defined]
        "asks": asks,
        "lacking": lacking,
        "back": _back(request),
    }
    return render(request, "web/refused.html", context, status=403)
