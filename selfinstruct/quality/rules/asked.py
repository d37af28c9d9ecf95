"""Rule for results that can be computed from the task: averages, a linear equation, a tally, a total of durations."""

from selfinstruct.language import Language
from selfinstruct.quality.rules.averages import wrong_average
from selfinstruct.quality.rules.durations import wrong_duration
from selfinstruct.quality.rules.equation import wrong_solution
from selfinstruct.quality.rules.tally import wrong_tally
from selfinstruct.records import Candidate


def wrong_result(candidate: Candidate, language: Language) -> str:
    """Wrong result of what can be computed: an average, an unknown, a count of words or letters, a total time.

    Source: AlpacaDataCleaned, defect 8 (about 80 % of Alpaca's mathematics estimated wrong)
    Finds: Find the median of 8, 3, 14, 5 and 9. → The median is 14.
    Finds: Solve the equation 4x + 6 = 26. → Subtract 6 from both sides: 4x = 20, so x = 6.
    Keeps: Find the mean of 1, 2 and 2. → The mean is 1.67.
    Keeps: How many words are in the sentence? ‖ The well-known hare naps. → There are 4 words.
    Finds: 求 8、3、14、5、9 的中位数。 → 中位数是 14。
    Finds: 解方程 4x + 6 = 26。 → 两边减去 6，得到 4x = 20，所以 x = 6。
    Keeps: 求 2、4、6 的平均数。 → 平均数是 4。
    """
    return (
        wrong_average(candidate)
        or wrong_solution(candidate)
        or wrong_tally(candidate, language)
        or wrong_duration(candidate.output, language)
    )
