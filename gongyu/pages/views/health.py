"""Says to a probe whether the house answers; nothing about anybody."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access, everyone

from ..queries.health import health as health_now


@require_safe
@never_cache
@access(everyone)
def health(request: HttpRequest) -> JsonResponse:
    state = health_now()
    return JsonResponse(state.as_dict(), status=200 if state.well else 503)
