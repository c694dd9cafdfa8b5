"""Addresses of files, jobs and imports."""

from django.urls import path

from kedang.files import (
    act_views,
    answer_views,
    import_views,
    incident_views,
    job_views,
    place_views,
    scan_views,
    views,
)

app_name = "files"
urlpatterns = [
    path("files/", views.file_list, name="list"),
    path("files/open/", views.open_file, name="open"),
    path("files/<int:pk>/", views.file_page, name="file"),
    path("files/<int:pk>/edit/", views.edit_file, name="edit"),
    path("files/<int:pk>/reach/", views.reach, name="reach"),
    path("files/<int:pk>/answer/", answer_views.answer, name="answer"),
    path("files/<int:pk>/electronic/", views.electronic, name="electronic"),
    path("files/<int:pk>/shelve/", views.shelve, name="shelve"),
    path("files/<int:pk>/incidents/", incident_views.incidents, name="incidents"),
    path("incidents/<int:pk>/settle/", incident_views.settle, name="settle"),
    path("files/<int:pk>/do/<slug:what>/", act_views.act_on_file, name="act-on-file"),
    path("records/<int:pk>/do/<slug:what>/", act_views.act_on_record, name="act-on-record"),
    path("customers/new/", act_views.new_customer, name="new-customer"),
    path("customers/<int:pk>/", act_views.customer_page, name="customer"),
    path("customers/<int:pk>/do/<slug:what>/", act_views.act_on_customer, name="act-on-customer"),
    path("files/<int:pk>/receive/", job_views.receive, name="receive"),
    path("records/<int:pk>/scan/", views.add_scan, name="add-scan"),
    path("scans/<int:pk>/", views.show_scan, name="scan"),
    path("values/<int:pk>/reveal/", views.reveal, name="reveal"),
    path("search/", views.search, name="search"),
    path("reception/", job_views.reception, name="reception"),
    path("jobs/<int:pk>/", job_views.job_page, name="job"),
    path("jobs/<int:pk>/reach/", job_views.job_reach, name="job-reach"),
    path("places/", place_views.places, name="places"),
    path("places/<int:pk>/", place_views.place, name="place"),
    path("places/<int:pk>/edit/", place_views.edit_place, name="edit-place"),
    path("places/<int:pk>/labels/", place_views.place_labels, name="place-labels"),
    path("files/<int:pk>/labels/", place_views.file_labels, name="file-labels"),
    path("scan/", scan_views.desk, name="desk"),
    path("q/<str:code>/", scan_views.label, name="label"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<int:pk>/", import_views.import_page, name="import"),
    path("imports/<int:pk>/map/", import_views.import_map, name="import-map"),
    path("imports/<int:pk>/start/", import_views.import_start, name="import-start"),
    path("imports/<int:pk>/failed/", import_views.import_failed, name="import-failed"),
    path("imports/template/<slug:kind>/", import_views.import_template, name="import-template"),
]
