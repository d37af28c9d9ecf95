"""The torture harness: a fault server and its ledger, kill -9 at every step, load beside a bare client."""
