"""Addresses of the office."""

from django.urls import path

from kedang.office import desk_views, policy_views

app_name = "office"
urlpatterns = [
    path("desk/", desk_views.desk, name="desk"),
    path("policies/", policy_views.policies, name="policies"),
    path("policies/clause/<str:ref>/", policy_views.clause, name="clause"),
    path("policies/<str:number>/", policy_views.policy, name="policy"),
]
