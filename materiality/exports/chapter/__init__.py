"""The chapter on material topics as a Word file, for a report team to paste from."""

from materiality.exports.chapter.parts import chapter_docx

__all__ = ["chapter_docx"]
