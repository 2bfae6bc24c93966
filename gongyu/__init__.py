"""Gongyu (共育): schools, families and society raise children together. Read ARCHITECTURE.md."""

__version__ = "0.1.0"
