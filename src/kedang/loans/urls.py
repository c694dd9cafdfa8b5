"""Addresses of loans."""

from django.urls import path

from kedang.loans import counter_views, use_views, views

app_name = "loans"
urlpatterns = [
    path("loans/", views.listing, name="list"),
    path("loans/ledger/", views.ledger, name="ledger"),
    path("loans/register/", views.register, name="register"),
    path("loans/counter/", counter_views.counter, name="counter"),
    path("loans/<int:pk>/", views.loan_page, name="loan"),
    path("loans/<int:pk>/issue/", counter_views.issue, name="issue"),
    path("loans/<int:pk>/return/", counter_views.take_back, name="return"),
    path("loans/<int:pk>/check/", counter_views.check, name="check"),
    path("loans/<int:pk>/loss/", counter_views.lose, name="loss"),
    path("loans/<int:pk>/renew/", views.renew, name="renew"),
    path("loans/<int:pk>/recall/", views.recall, name="recall"),
    path("loans/<int:pk>/pass-on/", views.pass_on, name="pass-on"),
    path("loans/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("files/<int:pk>/loans/", views.file_loans, name="file"),
    path("files/<int:pk>/loans/request/", views.ask, name="request"),
    path("files/<int:pk>/loans/direct/", counter_views.lend, name="direct"),
    path("files/<int:pk>/loans/read/", counter_views.read, name="read"),
    path("files/<int:pk>/uses/", use_views.uses, name="uses"),
    path("files/<int:pk>/uses/record/", use_views.record, name="record-use"),
    path("uses/<int:pk>/report/", use_views.report, name="report-use"),
    path("consultations/<int:pk>/close/", counter_views.end_reading, name="close-reading"),
]
