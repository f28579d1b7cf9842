"""Office files are ZIP archives, in which every part has a time: none is told here, so that the same contents give the
same bytes."""

import io
import zipfile


def repacked(raw: bytes) -> bytes:
    """The archive `raw` with the same parts in the same order and without the times of writing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
