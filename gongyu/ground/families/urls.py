"""How families come in: /family/ for them. Who works here prints codes under /families/."""

from django.urls import path

from . import views, views_elsewhere

app_name = "families"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.code, name="code"),
    path("sign-in/printed/", views.printed, name="printed"),
    path("sign-in/who/", views.choose, name="choose"),
    path("sign-in/paper/", views.paper_only, name="paper-only"),
    path("enter/<str:token>/", views.enter, name="enter"),
    path("sign-in/elsewhere/<slug:provider>/", views_elsewhere.leave, name="leave"),
    path("sign-in/elsewhere/<slug:provider>/bind/", views_elsewhere.bind, name="bind"),
    path("sign-in/elsewhere/<slug:provider>/back/", views_elsewhere.back, name="back"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("own-phone/", views.own_phone, name="own-phone"),
    path("not-me/", views.not_me, name="not-me"),
    path("big-print/", views.big_print, name="big-print"),
]
