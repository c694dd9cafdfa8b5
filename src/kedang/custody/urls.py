"""Addresses of custody."""

from django.urls import path

from kedang.custody import views

app_name = "custody"
urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/<int:pk>/", views.handover, name="handover"),
    path("handovers/<int:pk>/sign/", views.sign, name="sign"),
    path("handovers/<int:pk>/return/", views.send_back, name="return"),
    path("handovers/<int:pk>/check/", views.check, name="check"),
    path("files/<int:pk>/handover/<slug:checklist>/", views.prepare, name="prepare"),
    path("sign-for-book/", views.book, name="book"),
    path("sign-for-book/close/", views.close_day, name="close-day"),
]
