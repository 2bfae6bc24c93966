from .roster.urls import urlpatterns as roster_urls

app_name = "people"
urlpatterns = [*roster_urls]
