"""Published materiality results as data: the case files, their format, and where they are found."""
