"""Addresses of inspections."""

from django.urls import path

from kedang.inspections import views

app_name = "inspections"
urlpatterns = [
    path("inspections/", views.listing, name="list"),
    path("inspections/hold/", views.hold, name="hold"),
    path("inspections/<int:pk>/", views.inspection_page, name="inspection"),
    path("inspections/<int:pk>/mend/", views.mend, name="mend"),
]
