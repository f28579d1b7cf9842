"""Answers that were collected elsewhere: from a CSV or XLSX file to stored responses.

The way is one-way: `source` reads the file with its `headers`; `detection` says what it seems to hold, with the help of
`tools`, `questions` and `scales`; `mapping` says what its columns mean, and `draft` is a mapping while somebody decides
about it; `plan` turns file and mapping into numbers without touching the database; `services` stores the plan, and
`uploads` keeps a file until then. Only `placement`, `services` and `uploads` know Django.
"""
