"""The edge of the screens: the clock, the language, the log of access, the answers of the rules as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from kedang.adoptions.queries import take_adoptions, with_adoptions
from kedang.journal.parts import record_access
from kedang.lib.memory import is_remembering, remembering
from kedang.lib.prepared import prepared
from kedang.lib.whole import MOST, whole
from kedang.staff.models import Branch
from kedang.staff.queries import all_own, own_branches, take_staff, with_staff
from kedang.web import menu
from kedang.web.answers import answer_page

Next = Callable[[HttpRequest], HttpResponse]
BRANCH_COOKIE = "branch"


class ClockMiddleware:
    """Reads the clock once a request and says in which branch the person works (DESIGN 3.5).

    The clock is ``settings.CLOCK``: a call that gives the moment.  A journey through several days puts its own there.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = settings.CLOCK()  # type: ignore[attr-defined]
        request.today = timezone.localdate(request.now)  # type: ignore[attr-defined]
        request.token = uuid4().hex  # type: ignore[attr-defined]
        request.own_branches = []  # type: ignore[attr-defined]
        if not _only_reads(request):
            request.branch = _branch(request)  # type: ignore[attr-defined]
            return self.get_response(request)
        with remembering():
            request.branch = _branch(request)  # type: ignore[attr-defined]
            return self.get_response(request)


def _only_reads(request: HttpRequest) -> bool:
    """Whether a request changes nothing: a search goes by POST only to keep what is sought out of the address."""
    return request.method in ("GET", "HEAD") or request.path_info in map(menu.address_of, menu.READS_BY_POST)


def _own_branch(whole: bool, *, person: Any, on: Any, first: Any) -> QuerySet[Branch]:
    own = own_branches(person, on, first)
    return (with_adoptions(with_staff(own, on)) if whole else own)[:1]


def _first_branch(whole: bool, *, on: Any) -> QuerySet[Branch]:
    rows = Branch.objects.order_by("pk")
    return (with_adoptions(with_staff(rows, on)) if whole else rows)[:1]


def _branch(request: HttpRequest) -> Branch | None:
    """The chosen branch of the person's own, else the first of them, else the first there is for an administrator.

    For a page that changes nothing the same read brings the branch's staff and policies.
    """
    if not request.user.is_authenticated:
        return None
    today = request.today  # type: ignore[attr-defined]
    wanted = request.COOKIES.get(BRANCH_COOKIE, "")
    first = whole(wanted) or 0
    rows = prepared(_own_branch, is_remembering(), person=request.user, on=today, first=first)
    if rows:
        request.own_branches = all_own(rows[0])  # type: ignore[attr-defined]
    else:
        rows = prepared(_first_branch, is_remembering(), on=today)
        if not rows:
            return None
    found: Branch = rows[0]
    if is_remembering():
        take_staff(found, today)
        take_adoptions(found)
    return found


class LanguageMiddleware:
    """The reader's language: the cookie, else the person's own wish, else the browser's, else the house's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = {code for code, _name in settings.LANGUAGES}
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in known and request.user.is_authenticated:
            chosen = request.user.language
        if chosen not in known:
            chosen = translation.get_language_from_request(request)
        with translation.override(chosen):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", chosen)
        return response


class AccessLogMiddleware:
    """Writes the line of a page that showed personal data, and turns the rules' answers into pages.

    A view says what it showed: ``request.showed = ("file", ["12", "13"])``.  The line holds the name of the address
    and the ids, never a value (DESIGN 3.9, 3.10).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        showed = getattr(request, "showed", None)
        if showed and response.status_code in (200, 422) and request.user.is_authenticated:
            _note_access(request, *showed)
        response.headers.setdefault("Cache-Control", "no-store" if request.user.is_authenticated else "no-cache")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=()")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A rule's no, a lost race or a wrong form as a page; anything else goes on."""
        return answer_page(request, error)


class NumberMiddleware:
    """Nothing is at an address with a number that the database cannot hold: 404 for everybody, before any view."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, _request: HttpRequest, _view: object, _args: object, named: dict[str, Any]) -> None:
        """Raises ``Http404``."""
        if any(isinstance(one, int) and one > MOST for one in named.values()):
            raise Http404


class OwnPasswordMiddleware:
    """Whoever logged in with a password that somebody else knows changes it before anything else."""

    FREE = frozenset({"office:password", "web:logout", "web:language", "web:theme", "web:healthz"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Leads to the page where the password is changed."""
        user, match = request.user, request.resolver_match
        if user.is_authenticated and user.must_change_password and match and match.view_name not in self.FREE:
            return redirect("office:password")
        return None


def _note_access(request: HttpRequest, kind: str, ids: list[str]) -> None:
    match = request.resolver_match
    record_access(
        actor=request.user.pk,
        page=match.view_name if match else "",
        kind=kind,
        ids=ids,
        now=request.now,  # type: ignore[attr-defined]
    )
