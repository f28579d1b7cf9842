"""The peer of the survey form: what a competent developer writes in an afternoon, and no line more.

One Django form of 42 fields, one view, one row with a JSON field. It has no links, no drafts, no sending
twice, no counting: the least that taking an answer in can cost with Django.
"""
