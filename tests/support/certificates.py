"""The certificates of scripted judges."""

from selfinstruct.judging.certificate import Certificate, Judged, certify
from selfinstruct.judging.reading import read_pair
from selfinstruct.records import Reply
from selfinstruct.runs.certification import calibration_pairs
from tests.support import judges
from tests.support.judges import Say, Shown


def certified(say: Say) -> Certificate:
    """Return the certificate of a scripted judge, which is asked without a server."""
    judged = []
    for one in calibration_pairs(("en", "zh")):
        chinese = one.language == "zh"
        orders = (
            Shown(one.question, one.better, one.worse, chinese),
            Shown(one.question, one.worse, one.better, chinese),
        )
        readings = [read_pair(Reply(text=judges.verdict(pair, say(pair))), one.language) for pair in orders]
        judged.append(Judged(one, *readings))
    return certify("scripted", judged)
