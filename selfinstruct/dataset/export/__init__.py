"""The dataset in the layouts and with the configuration of other trainers."""
