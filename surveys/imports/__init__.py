"""Answers that were collected elsewhere: from a CSV file to stored responses.

The way is one-way: `encoding` and `source` read the file, `mapping` says what its columns mean, `plan` turns both
into numbers without touching the database, `services` stores the plan. Only `services` and `target` know Django.
"""
