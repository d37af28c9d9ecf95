"""A three-way merge of datasets, row by row."""
