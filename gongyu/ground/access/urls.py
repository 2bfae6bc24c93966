"""The own account, approvals, and accounts. Sign-in itself is in sign_in_urls."""

from django.urls import path

from . import views, views_offices, views_posts

app_name = "access"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/approvals.xlsx", views.approvals_export, name="approvals-export"),
    path("approvals/give/", views.approve, name="approve"),
    path("approvals/renew-expiring/", views.renew_expiring, name="renew-expiring"),
    path("approvals/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/open/<int:pk>/", views.open_account, name="open-account"),
    path("accounts/<int:pk>/restore/", views.restore, name="restore-account"),
    path("accounts/<int:pk>/close/", views.close, name="close-account"),
    path("offices/", views_offices.offices, name="own-offices"),
    path("offices/<slug:role>/", views_offices.offices, name="offices"),
    path("offices/<slug:role>/list.xlsx", views_offices.office_export, name="office-export"),
    path("offices/<slug:role>/<int:place_id>/appoint/", views_offices.appoint, name="appoint"),
    path(
        "offices/<slug:role>/<int:place_id>/<int:post_id>/close/",
        views_offices.close_office,
        name="close-office",
    ),
    path(
        "offices/<slug:role>/<int:place_id>/<int:post_id>/take-back/",
        views_offices.take_back_office,
        name="take-back-office",
    ),
    path("posts/<int:school_id>/", views_posts.posts, name="posts"),
    path("posts/<int:school_id>/posts.xlsx", views_posts.posts_export, name="posts-export"),
    path("posts/<int:school_id>/history/", views_posts.history, name="posts-history"),
    path("posts/<int:school_id>/open/", views_posts.open_post, name="open-post"),
    path("posts/<int:school_id>/classes/<int:class_id>/", views_posts.of_class, name="posts-class"),
    path(
        "posts/<int:school_id>/classes/<int:class_id>/hand-over/",
        views_posts.hand_over,
        name="hand-over",
    ),
    path("posts/<int:school_id>/classes/<int:class_id>/acting/", views_posts.acting, name="acting"),
    path("posts/<int:school_id>/<int:post_id>/close/", views_posts.close_post, name="close-post"),
    path(
        "posts/<int:school_id>/<int:post_id>/take-back/",
        views_posts.take_back_post,
        name="take-back-post",
    ),
]
