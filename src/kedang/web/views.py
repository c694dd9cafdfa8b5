"""Home, log-in, language, help, health and the journal's screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import AuthenticationForm
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kedang.office.second_factor import factor_of
from kedang.staff.models import Person
from kedang.web import menu, starting
from kedang.web.context import THEMES
from kedang.web.journal import journal_page
from kedang.web.middleware import BRANCH_COOKIE

YEAR = 365 * 24 * 3600
WAITING = "second_factor_waits"
CODE_SECONDS = 300


def _back(request: HttpRequest) -> str:
    """Where a small form wants to return to; only inside this house."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else "/"


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The desk is home; a build without desks shows the help page."""
    return redirect(menu.address_of("office:desk") or "web:help")


@login_not_required
def log_in(request: HttpRequest) -> HttpResponse:
    """Log-in by user name and password; axes counts failures and locks out.  An empty house leads to its founding."""
    if starting.is_empty():
        return redirect("web:start")
    if request.user.is_authenticated:
        return redirect(_back(request))
    form = AuthenticationForm(request, data=request.POST or None)
    form.fields["username"].label = _("User name")
    form.fields["password"].label = _("Password")
    if request.method == "POST" and form.is_valid():
        person: Any = form.get_user()
        if factor_of(person):
            request.session[WAITING] = {"person": person.pk, "since": request.now.timestamp()}  # type: ignore[attr-defined]
            return redirect(f"{reverse('web:login-code')}?{urlencode({'next': _back(request)})}")
        enter(request, person)
        return redirect(_back(request))
    context = {"form": form, "next": _back(request)}
    return render(request, "web/login.html", context, status=422 if form.errors else 200)


@login_not_required
def log_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the app, or a recovery code, within five minutes of the password."""
    waiting = request.session.get(WAITING, {})
    person = Person.objects.filter(pk=waiting.get("person"), is_active=True).first()
    if person is None or request.now.timestamp() - waiting.get("since", 0) > CODE_SECONDS:  # type: ignore[attr-defined]
        return redirect("web:login")
    wrong = False
    if request.method == "POST":
        found = authenticate(request, username=person.username, code=request.POST.get("code", "")[:20])
        if found is not None:
            del request.session[WAITING]
            enter(request, found)
            return redirect(_back(request))
        wrong = True
    context = {"wrong": wrong, "next": _back(request)}
    return render(request, "web/login_code.html", context, status=422 if wrong else 200)


def enter(request: HttpRequest, person: Any) -> None:
    """Begin a session that its owner can recognize in the list of them."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session["started_at"] = request.now.isoformat()  # type: ignore[attr-defined]
    request.session["agent"] = f"{_agent(request)} · {request.META.get('REMOTE_ADDR', '')}"


def _agent(request: HttpRequest) -> str:
    """Browser and system, in two words."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for name in ("Edg", "MicroMessenger", "Firefox", "Chrome", "Safari") if name in said), "?")
    system = next((name for name in ("Android", "iPhone", "Windows", "Mac OS", "Linux") if name in said), "?")
    return f"{browser} · {system}"


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("web:login")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie."""
    chosen = request.POST.get("language", "")
    response = redirect(_back(request))
    if chosen in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keeps light, dark or the system's choice in a cookie."""
    chosen = request.POST.get("theme", "")
    response = redirect(_back(request))
    if chosen in THEMES:
        _keep(response, "theme", chosen)
    return response


@login_required
@require_POST
def choose_branch(request: HttpRequest) -> HttpResponse:
    """Works in another of one's own branches; a foreign one is ignored by the clock's middleware."""
    response = redirect("web:home")
    _keep(response, BRANCH_COOKIE, request.POST.get("branch", ""))
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process serves and its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@login_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Keys, words and who is who."""
    keys = [
        ("/", _("Search everything")),
        ("n", _("Create something new")),
        ("j  k", _("Next and previous row")),
        ("Enter", _("Open the row")),
        ("[  ]", _("Previous and next page or file")),
        ("Ctrl + S", _("Save the form")),
        ("Esc", _("Close menus and the side panel")),
        ("?", _("This page")),
    ]
    return render(request, "web/help.html", {"keys": keys})


@login_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """What happened, in sentences, newest first; for those whom the policy lets read the journal."""
    return render(request, "web/journal.html", journal_page(request))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)
