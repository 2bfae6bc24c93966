"""Every app's addresses, in one list."""

from django.urls import include, path

# An address is looked for from above: thousands of families open a notice's at once, and one word at
# the beginning rules out a whole app.
urlpatterns = [
    path("", include("gongyu.ground.notices.urls")),
    path("family/", include("gongyu.ground.families.urls")),
    path("family/", include("gongyu.pages.urls_family")),
    path("families/", include("gongyu.ground.families.urls_staff")),
    path("family/", include("gongyu.records.m07_family_participation.urls_family")),
    path("corrections/", include("gongyu.records.m07_family_participation.urls")),
    path("roster/", include("gongyu.ground.people.urls")),
    path("keeping/", include("gongyu.ground.people.urls_keeping")),
    path("registers/", include("gongyu.shared_work.registers.urls")),
    path("concerns/", include("gongyu.records.m01_home_school_contact.urls_concerns")),
    path("contacts/", include("gongyu.records.m01_home_school_contact.urls_contacts")),
    path("care/", include("gongyu.shared_work.casework.urls")),
    path("activities/", include("gongyu.shared_work.activities.urls")),
    path("offline/", include("gongyu.shared_work.offline.urls")),
    path("tickets/", include("gongyu.shared_work.tickets.urls")),
    path("committees/", include("gongyu.records.m02_parent_committees.urls")),
    path("visits/", include("gongyu.records.m01_home_school_contact.urls")),
    path("", include("gongyu.pages.urls")),
    path("", include("gongyu.ground.access.urls")),
    path("", include("gongyu.ground.access.sign_in_urls")),
    path("", include("gongyu.shared_work.consents.urls")),
]
handler400 = "gongyu.pages.errors.not_understood"
handler403 = "gongyu.pages.errors.forbidden"
handler404 = "gongyu.pages.errors.not_found"
handler429 = "gongyu.pages.errors.too_many"
handler500 = "gongyu.pages.errors.server_error"
