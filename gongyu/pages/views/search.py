"""Search, within the reader's scope."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions, rules
from ..forms import SearchForm


@sensitive_variables("words")
@require_http_methods(["GET", "HEAD", "POST"])
@access(rules.may_search)
def search(request: HttpRequest) -> HttpResponse:
    # Words may be a child's name: they come in the body, so that no address or log holds them.
    form = SearchForm(request.POST or None)
    found = None
    if form.is_bound and form.is_valid() and form.cleaned_data["q"].strip():
        words = form.cleaned_data["q"].strip()
        found = actions.run_search(words, by=request.actor, on=today())
    return render(request, "pages/search.html", {"form": form, "found": found})
