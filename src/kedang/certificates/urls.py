"""Addresses of certificates."""

from django.urls import path

from kedang.certificates import file_views, safe_views, views

app_name = "certificates"
urlpatterns = [
    path("certificates/", views.ledger, name="ledger"),
    path("certificates/search/", views.search, name="search"),
    path("certificates/print/", views.print_ledger, name="print"),
    path("certificates/balance/", safe_views.balance, name="balance"),
    path("certificates/balance/<int:pk>/", safe_views.sheet, name="sheet"),
    path("certificates/receipts/<int:pk>/", safe_views.receipt, name="receipt"),
    path("certificates/<int:pk>/reveal/", views.reveal, name="reveal"),
    path("files/<int:pk>/certificates/", file_views.of_file, name="file"),
    path("files/<int:pk>/certificates/receive/", file_views.receive, name="receive"),
    path("files/<int:pk>/certificates/write/", file_views.write, name="write"),
    path("files/<int:pk>/certificates/check/", file_views.check, name="check"),
    path("files/<int:pk>/certificates/sign/", file_views.sign, name="sign"),
    path("files/<int:pk>/certificates/store/", file_views.store, name="store"),
    path("files/<int:pk>/certificates/slip/", file_views.slip, name="slip"),
    path("files/<int:pk>/give-back/", safe_views.give_back, name="give-back"),
]
