"""Days: the clock, intervals of days, school years and the working-day clock. No tables here.

The editable table of days off is `ground.holidays`; semesters and vacations come from the plan.
"""
