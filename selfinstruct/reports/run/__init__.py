"""The report: one offline HTML page on a run or a dataset.

    gather.py    reading a run or dataset folder           plots.py    figures as SVG, by matplotlib
    figures.py   numbers computed from it                  svg.py      SVG in the page's colours, allowed by its policy
    sample.py    rows and rejected candidates to read      page.py     the document; page.css, page.js
    origins.py   what recipes and documents brought        sections.py their sections, and that of quality
    quality.py   rows beside a control                     perplexity.py of answers, by the embedded teacher
    parts.py     what sections share

It uses no network, neither when it is made nor when it is opened.
"""

from selfinstruct.reports.run.figures import Figures, figures_of
from selfinstruct.reports.run.gather import Material, gather
from selfinstruct.reports.run.page import page
from selfinstruct.reports.run.perplexity import measure

__all__ = ["Figures", "Material", "figures_of", "gather", "measure", "page"]
