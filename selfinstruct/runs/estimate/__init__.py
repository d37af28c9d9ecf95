"""What is still missing of a run, in requests, tokens, money and minutes, each as a range; nothing is sent and nothing written."""

from selfinstruct.runs.estimate.whole import Estimate, estimate, first_requests

__all__ = ["Estimate", "estimate", "first_requests"]
