"""The report: one offline page of a run or a dataset, for a reader who was not there.

    gather.py    what a run or dataset folder holds        plots.py    figures as SVG, by matplotlib
    figures.py   numbers made of it                        svg.py      SVG that follows the page's colours and policy
    sample.py    rows and rejected candidates to read      page.py     the document; page.css, page.js

It asks for nothing, neither when it is made nor when it is opened.
"""

from selfinstruct.reports.run.figures import Figures, figures_of
from selfinstruct.reports.run.gather import Material, gather
from selfinstruct.reports.run.page import page

__all__ = ["Figures", "Material", "figures_of", "gather", "page"]
