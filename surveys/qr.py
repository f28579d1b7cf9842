"""The QR code of a survey link, as a picture that is sharp on any poster."""

import io

import segno


def qr_svg(address: str) -> bytes:
    """An SVG with a quiet zone of four modules, black on white: readers need both, also on a dark page."""
    picture = io.BytesIO()
    # M survives a stain of 15 % and keeps the modules large for a poster read from a distance.
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=8, border=4, light="#fff", dark="#000", svgclass=None, lineclass=None, xmldecl=False
    )
    return picture.getvalue()
