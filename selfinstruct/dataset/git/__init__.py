"""A three-way merge of datasets, row by row, and the conflict markers that it leaves."""
