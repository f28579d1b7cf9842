"""Lists as CSV and XLSX files: imported with a dry run that shows every change first, and exported.

The way is one-way: `sources` reads a file and finds its `columns`, `cells` says what single cells mean, the plans
(`contact_plan`, `issue_plan`, `peer_plan`) say what each row would change without touching the database, and
`contacts`, `issues` and `peers` read the present rows and store a plan. `pending` keeps an upload until its preview
is agreed to.
"""
