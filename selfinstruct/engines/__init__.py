"""Engines: where the shards of a pool are held. `processes` of this machine need nothing but this package."""
