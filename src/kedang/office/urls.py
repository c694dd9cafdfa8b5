"""Addresses of the office."""

from django.urls import path

from kedang.office import (
    adoption_views,
    approval_views,
    breach_views,
    desk_views,
    duty_views,
    login_views,
    policy_views,
    staff_views,
)

app_name = "office"
urlpatterns = [
    path("desk/", desk_views.desk, name="desk"),
    path("duties/<int:pk>/", duty_views.duty, name="duty"),
    path("duties/<int:pk>/<slug:how>/", duty_views.change, name="change-duty"),
    path("policies/", policy_views.policies, name="policies"),
    path("policies/clause/<str:ref>/", policy_views.clause, name="clause"),
    path("policies/adopt/", adoption_views.adopt, name="adopt"),
    path("policies/drafts/<int:pk>/", adoption_views.draft, name="draft"),
    path("policies/drafts/<int:pk>/<slug:what>/", adoption_views.draft_act, name="draft-act"),
    path("policies/adopted/<int:pk>/", adoption_views.edition, name="edition"),
    path("policies/adopted/<int:pk>/confirm/", adoption_views.confirm, name="confirm"),
    path("policies/<str:number>/", policy_views.policy, name="policy"),
    path("breaches/", breach_views.listing, name="breaches"),
    path("breaches/<int:pk>/", breach_views.breach, name="breach"),
    path("breaches/<int:pk>/hear/", breach_views.hear, name="hear"),
    path("breaches/<int:pk>/decide/", breach_views.decide, name="decide"),
    path("breaches/<int:pk>/quash/", breach_views.quash, name="quash"),
    path("breaches/<int:pk>/order/", breach_views.order, name="order"),
    path("breaches/<int:pk>/correct/", breach_views.correct, name="correct"),
    path("approvals/", approval_views.listing, name="approvals"),
    path("approvals/ask/", approval_views.ask, name="ask"),
    path("approvals/<int:pk>/", approval_views.approval, name="approval"),
    path("approvals/<int:pk>/oral/", approval_views.oral, name="oral"),
    path("approvals/<int:pk>/answer/", approval_views.answer, name="answer"),
    path("staff/", staff_views.staff, name="staff"),
    path("staff/employ/", staff_views.employ, name="employ"),
    path("staff/<int:pk>/", staff_views.person, name="person"),
    path("staff/<int:pk>/<slug:what>/", staff_views.person_act, name="person-act"),
    path("account/", login_views.account, name="account"),
    path("account/password/", login_views.password, name="password"),
    path("account/second-factor/", login_views.second_factor, name="second-factor"),
    path("account/second-factor/drop/", login_views.drop_factor, name="drop-factor"),
    path("account/sessions/end/", login_views.end_session, name="end-session"),
    path("account/absence/", login_views.absence, name="absence"),
    path("branches/", staff_views.branches, name="branches"),
]
