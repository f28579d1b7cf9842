import io
import re

import segno

from surveys.qr import qr_svg

ADDRESS = "https://salient.example.org/s/NNMaW4e0M0o-LqrAP3H0Ag/"


def test_the_picture_holds_the_address():
    # The same modules as segno draws for this address, so a reader finds it.
    expected = io.BytesIO()
    segno.make(ADDRESS, error="m", micro=False).save(expected, kind="svg", scale=8, border=4, light="#fff")
    path = re.compile(rb' d="(M[^"]+)"')
    assert path.findall(qr_svg(ADDRESS))[-1] == path.findall(expected.getvalue())[-1]


def test_it_has_a_white_quiet_zone_and_no_style_attribute():
    picture = qr_svg(ADDRESS).decode()
    assert 'fill="#fff"' in picture
    assert "style=" not in picture
    # 33 modules and 4 on each side.
    assert 'width="328"' in picture
