"""The home of each role: one section a role that the person holds today, in a fixed order."""

from .home import Home, Section, home_of

__all__ = ["Home", "Section", "home_of"]
