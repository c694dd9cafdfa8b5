"""Addresses of the frame."""

from django.urls import path

from kedang.web import start_views, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", start_views.start, name="start"),
    path("start/people/", start_views.people, name="start-people"),
    path("login/", views.log_in, name="login"),
    path("login/code/", views.log_in_code, name="login-code"),
    path("logout/", views.log_out, name="logout"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("branch/", views.choose_branch, name="branch"),
    path("healthz", views.healthz, name="healthz"),
    path("help/", views.help_page, name="help"),
    path("journal/", views.journal, name="journal"),
]
