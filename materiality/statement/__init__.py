"""The method statement: how the material topics were determined, in plain sentences written from what was done.

Pure: facts in, sentences in the language of the page out. What was not done is not claimed. The sections follow what
GRI 3-1 and 3-2 ask for, in our own words.
"""

from materiality.statement.concluding import asking, computing, confirmation, publishing
from materiality.statement.finding import changes, determining, dialogue, screening
from materiality.statement.sections import Section, as_text, statement_of

__all__ = [
    "Section",
    "as_text",
    "asking",
    "changes",
    "computing",
    "confirmation",
    "determining",
    "dialogue",
    "publishing",
    "screening",
    "statement_of",
]
