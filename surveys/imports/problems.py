"""What can be wrong with a mapping or with answers, said so that their owner can put it right.

What is wrong with a file as such is a SourceError of tables/.
"""


class ImportProblem(ValueError):
    """The import stops here and nothing is stored. The text names the place and the next step."""


class MappingError(ImportProblem):
    """MAP.toml says something that cannot be followed, or that the file does not hold."""


class AnswerError(ImportProblem):
    """The file is a table, but its answers do not fit the mapping or the assessment."""
