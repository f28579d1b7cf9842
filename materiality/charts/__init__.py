"""Charts that people paste into reports: each as PNG, SVG and PDF, with a text for those who do not see it, and with
the data behind it."""

from materiality.charts.chart import CONTENT_TYPES, Chart, ChartStyle
from materiality.charts.of_groups import GridChart, RatesChart
from materiality.charts.of_results import HeatChart, MatrixChart, TiersChart
from materiality.charts.of_years import SlopesChart

# In the order of the page.
CHARTS: dict[str, Chart] = {
    chart.slug: chart for chart in (MatrixChart(), TiersChart(), HeatChart(), SlopesChart(), GridChart(), RatesChart())
}

__all__ = ["CHARTS", "CONTENT_TYPES", "Chart", "ChartStyle"]
