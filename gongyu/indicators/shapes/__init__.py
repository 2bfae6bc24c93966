"""The six shapes of duty, each a pure Ibis expression over facts and places; no Django here."""

from .evaluating import SHAPES

# The names that a plan may give as a duty's evaluator.
EVALUATORS = frozenset(SHAPES)
