"""Addresses of custody."""

from django.urls import path

from kedang.custody import list_views, receiving_views, supply_views, views

app_name = "custody"
urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/receive/", receiving_views.receive_many, name="receive"),
    path("handovers/<int:pk>/", views.handover, name="handover"),
    path("handovers/<int:pk>/sign/", views.sign, name="sign"),
    path("handovers/<int:pk>/return/", views.send_back, name="return"),
    path("handovers/<int:pk>/check/", views.check, name="check"),
    path("files/<int:pk>/handover/<slug:checklist>/", views.prepare, name="prepare"),
    path("files/<int:pk>/supply/<slug:checklist>/", supply_views.supply, name="supply"),
    path("files/<int:pk>/list/", list_views.inner_list, name="list"),
    path("files/<int:pk>/list/write/", list_views.write, name="list-write"),
    path("files/<int:pk>/list/check/", list_views.check, name="list-check"),
    path("files/<int:pk>/list/supplement/", list_views.supplement, name="list-supplement"),
    path("files/<int:pk>/list/code/", list_views.code, name="list-code"),
    path("files/<int:pk>/list/sign/", list_views.sign, name="list-sign"),
    path("files/<int:pk>/list/print/", list_views.print_list, name="list-print"),
    path("files/<int:pk>/number/", list_views.number, name="number"),
    path("records/<int:pk>/number/", list_views.number_record, name="number-record"),
    path("sign-for-book/", views.book, name="book"),
    path("sign-for-book/close/", views.close_day, name="close-day"),
]
