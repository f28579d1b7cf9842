"""How a file looks: its width in print, the colours of the tiers, the words around the names."""

import io
import re
from dataclasses import fields
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from figures.data import MatrixFigure
from figures.grid import lay_out_grid
from figures.grid_plot import paint_grid_file
from figures.layout import lay_out
from figures.palette import DARK_PAPER, LEAST_CONTRAST, LIGHT, contrast, dark_tiers, palette_with
from figures.plot import paint_file
from figures.slopes import lay_out_slopes
from figures.slopes_plot import paint_slopes_file
from figures.wording import ENGLISH, Wording
from figures.wording_zh import CHINESE, words_in
from tests.figures.sample_grids import HOUSE, grid_of
from tests.figures.sample_results import CHINESE_NAMES, cluster, qifu
from tests.figures.sample_slopes import FIGURES

MATRIX = lay_out(MatrixFigure.from_results(qifu()))
MM = 72 / 25.4
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_a_pdf_is_as_wide_as_asked_and_keeps_its_shape():
    natural = PdfReader(io.BytesIO(paint_file(MATRIX, "pdf"))).pages[0].mediabox
    wide = PdfReader(io.BytesIO(paint_file(MATRIX, "pdf", width_mm=160))).pages[0].mediabox
    assert float(wide.width) == pytest.approx(160 * MM, abs=0.5)
    assert float(wide.height / wide.width) == pytest.approx(float(natural.height / natural.width), abs=0.002)


def test_an_svg_is_as_wide_as_asked():
    drawn = paint_file(MATRIX, "svg", width_mm=160).decode()
    width = re.search(r'<svg [^>]*?width="([\d.]+)pt"', drawn, re.DOTALL)
    assert float(width.group(1)) == pytest.approx(160 * MM, abs=0.5)


@pytest.mark.parametrize("dpi", [100, 300])
def test_a_png_has_the_pixels_of_its_width(dpi: int):
    image = Image.open(io.BytesIO(paint_file(MATRIX, "png", dpi, width_mm=160)))
    assert image.width == pytest.approx(160 / 25.4 * dpi, abs=1)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_half_the_width_has_the_same_picture():
    full = Image.open(io.BytesIO(paint_file(MATRIX, "png", 100, width_mm=200))).convert("L")
    half = Image.open(io.BytesIO(paint_file(MATRIX, "png", 200, width_mm=100 + 25))).convert("L")
    small, other = (image.resize((120, 150)) for image in (full, half))
    difference = [abs(a - b) for a, b in zip(small.tobytes(), other.tobytes(), strict=True)]
    assert sum(difference) / len(difference) < 4


@pytest.mark.parametrize(
    "paint",
    [
        lambda width: paint_file(MATRIX, "pdf", width_mm=width),
        lambda width: paint_grid_file(lay_out_grid(grid_of(HOUSE)), "pdf", width_mm=width),
        lambda width: paint_slopes_file(lay_out_slopes(FIGURES["QiFu"]()), "pdf", width_mm=width),
    ],
)
def test_text_that_nobody_could_read_is_refused_with_the_width_it_takes(paint):
    with pytest.raises(ValueError, match=r"the smallest text would be \d\.\d points: choose (\d+) mm") as refusal:
        paint(80)
    least = int(re.search(r"choose (\d+) mm", str(refusal.value)).group(1))
    assert paint(least)
    with pytest.raises(ValueError, match="smallest text"):
        paint(least - 2)


@pytest.mark.parametrize(
    ("width", "dpi", "said"),
    [
        (5, 200, "20 to 2000 mm wide, not 5"),
        (3000, 200, "not 3000"),
        (float("nan"), 200, "not nan"),
        (1500, 1200, "million pixels"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(width: float, dpi: int, said: str):
    with pytest.raises(ValueError, match=said):
        paint_file(MATRIX, "png", dpi, width_mm=width)


@given(st.lists(COLOURS, max_size=6))
def test_whatever_colours_can_be_read(colours: list[str]):
    palette = palette_with(tuple(colours))
    assert len(palette.tiers) == 5
    for tier in palette.tiers:
        assert contrast(tier.mark, palette.paper) >= 4.5
        assert contrast(tier.mark, tier.wash) >= 4.5
        assert contrast(tier.on, tier.mark if tier.on == palette.paper else palette.paper) >= 4.5
        assert contrast(palette.ink, tier.wash) >= 4.5


def test_colours_that_can_be_read_stay_and_the_house_has_the_others():
    palette = palette_with(("#004488",))
    assert palette.tiers[0].mark == "#004488"
    assert palette.tiers[1:] == LIGHT.tiers[1:]
    assert palette_with(()) == LIGHT


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#12345g", "#123456\n", ""])
def test_what_is_no_colour_is_named(colour: str):
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        palette_with((colour,))


def test_contrast_is_that_of_the_guideline():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_steps_of_the_heat_ramp_bear_their_numbers():
    for step, ground in enumerate(LIGHT.heat):
        assert contrast(LIGHT.on_dark if step >= LIGHT.dark_from else LIGHT.ink, ground) >= 4.5


SAME_IN_BOTH = {"alt_part", "percent", "percent_under", "decimal", "thousands", "heat_fewer"}


@pytest.mark.parametrize("field", [field.name for field in fields(Wording)])
def test_every_text_is_in_chinese_with_the_same_numbers_in_it(field: str):
    english, chinese = getattr(ENGLISH, field), getattr(CHINESE, field)

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    if field not in SAME_IN_BOTH:
        assert english != chinese
    # "One issue" names no number; a bar's computed tier counts nothing.
    assert places(chinese) <= places(english)
    assert places(english) <= places(chinese)


def test_languages_are_chosen_by_their_tag():
    assert words_in("en") is ENGLISH
    assert words_in("zh-Hans") is CHINESE
    with pytest.raises(ValueError, match="not 'fr'"):
        words_in("fr")


def test_a_matrix_speaks_chinese():
    layout = lay_out(MatrixFigure.from_results(cluster(6, 0, CHINESE_NAMES), CHINESE))
    text = "".join(PdfReader(io.BytesIO(paint_file(layout, "pdf"))).pages[0].extract_text().split())
    for said in (
        "重要性议题矩阵：6项议题",
        "对公司的重要性→",
        "↑对利益相关方的重要性",
        "各得分的90%区间",
        "来源：288人",
    ):
        assert said in text
    assert "。 " not in layout.source


@pytest.mark.parametrize("colour", ["#000000", "#ffcc00", "#003366", "#777777", "#ffffff"])
def test_on_dark_screens_a_colour_is_as_much_lighter_as_it_has_to_be(colour: str):
    (tier,) = dark_tiers((colour,))
    assert contrast(tier.mark, tier.wash) >= LEAST_CONTRAST
    assert contrast(tier.on, tier.mark) >= LEAST_CONTRAST
    assert contrast(tier.mark, DARK_PAPER) >= contrast(colour, DARK_PAPER)


def test_dark_colours_are_written_in_digits_too():
    with pytest.raises(ValueError, match="hexadecimal"):
        dark_tiers(("red",))
