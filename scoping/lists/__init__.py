"""Lists as CSV and XLSX files: imported with a dry run that shows every change first, and exported.

The way is one-way: `sources` reads a file and finds its `columns`, `cells` says what single cells mean, the plans
(`contact_plan`, `issue_plan`, `peer_plan`) say what each row would change without touching the database, and
`contacts`, `issues` and `peers` hold a plan against the present rows and store it, as `base` says. `pending` keeps an
upload until somebody decides about it, `previews` what its pages show.
"""
