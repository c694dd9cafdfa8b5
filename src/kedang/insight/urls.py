"""Addresses of the figures."""

from django.urls import path

from kedang.insight import views

app_name = "insight"
urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/rows/", views.rows, name="rows"),
    path("figures/freeze/", views.freeze, name="freeze"),
]
