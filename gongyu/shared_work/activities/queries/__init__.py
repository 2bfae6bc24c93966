"""Questions about activities, for their own pages and for those that cross measures."""

from .lists import activities_between, school_page

__all__ = ["activities_between", "school_page"]
