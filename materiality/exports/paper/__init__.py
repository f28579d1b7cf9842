"""What a meeting needs to decide about a result: the paper that goes to the board, and the minutes afterwards."""

from materiality.exports.paper.minutes import minutes_text
from materiality.exports.paper.printing import meeting_paper_pdf

__all__ = ["meeting_paper_pdf", "minutes_text"]
