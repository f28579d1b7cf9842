"""What the tests of decks share: files read back, and templates made by hand."""

import io
import zipfile
from typing import Any

from pptx import Presentation


def slides_of(raw: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(raw)).slides)


def titles(raw: bytes) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in slides_of(raw)]


def titled(raw: bytes, start: str) -> list[Any]:
    """The slides whose title begins so."""
    return [slide for slide in slides_of(raw) if slide.shapes.title.text_frame.text.startswith(start)]


def said(slide: Any) -> str:
    """All text of a slide, with that of its tables."""
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    texts += [" | ".join(row) for row in grid(slide)]
    return "\n".join(texts)


def everything(raw: bytes) -> str:
    return "\n".join(said(slide) for slide in slides_of(raw))


def grid(slide: Any) -> list[list[str]]:
    """The cells of the table of a slide; without a table, none."""
    found = [shape.table for shape in slide.shapes if shape.has_table]
    return [[cell.text_frame.text for cell in row.cells] for table in found for row in table.rows]


def rows_of(raw: bytes, start: str) -> list[list[str]]:
    """The rows of a table over all its slides, without its heads."""
    return [row for slide in titled(raw, start) for row in grid(slide)[1:]]


def template(*, slides: int = 2) -> bytes:
    """An organisation's template, 4:3, with slides that were left in it."""
    presentation = Presentation()
    for number in range(slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text_frame.text = f"Secret plan {number}"
    presentation.slide_layouts[5].name = "Our title only"
    return saved(presentation)


def saved(presentation: Any) -> bytes:
    written = io.BytesIO()
    presentation.save(written)
    return written.getvalue()


def changed(raw: bytes, old: bytes, new: bytes, part: str = "[Content_Types].xml") -> bytes:
    """The archive with `new` in place of `old` in one of its parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return written.getvalue()
