"""Every address of the application, and a view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gongyu.config import urls
from gongyu.ground.access.doors import access, everyone


@access(everyone)
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("empty")


urlpatterns = [path("empty/", empty), path("", include("gongyu.config.urls"))]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler429 = urls.handler404, urls.handler429
handler500 = urls.handler500
