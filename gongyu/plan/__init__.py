"""The plan as data: what a folder of TOML says, checked and loaded. Imports nothing of gongyu.

Nouns: measure, sentence, duty, threshold, reading, exception, department, calendar.
Flow: folder → tables with line numbers → faults or dataclasses → periods and commands.
"""

from .checking import check_plan
from .faults import Fault, PlanError
from .folder import default_plan_folder
from .loading import load_plan

__all__ = ["Fault", "PlanError", "check_plan", "default_plan_folder", "load_plan"]
