"""Measure 7, 积极配合学校教育 (departments: 市教委, 市妇联, 市关工委): families take part, never scored.

Nouns: tip, help, correction. Flow: a family reads what helps by the age of its children and whom to
ask; a guardian who finds something wrong in the child's record proposes a correction, the school
accepts or refuses it with a reason, before a clock that explains itself. What a family reads here
nobody else ever sees: no count, no tick, no list.
"""
