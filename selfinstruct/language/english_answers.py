"""English: wording of non-answers, and the instructions that excuse them."""

from selfinstruct.language.wording import Wording

MAY_STAY = Wording(
    r"\bif (?:it is|it['’]s|they are|needed|necessary|any|required|there|correct|appropriate|applicable|so|not|already"
    r"|possible|wrong|incorrect)\b|\bunless\b|\bas (?:far|much) as possible\b|\blowest terms\b|\bwhere (?:needed|necessary|appropriate)\b|\bany (?:\w+ )?(?:errors?"
    r"|mistakes?|typos?)\b|\b(?:organi[sz]e|chronological\w*|unchanged|as is|as it is|repeat|copy|echo|verbatim|exactly as|sort|order|arrange|rank|match|choose|select|pick|alphabeti[sz]e|already"
    r"|whether|palindrome|reverse|lower-?case|trim|deduplicate|duplicates|round|plural|uninflected|same|recite"
    r"|proofread|filter|format|extract|normali[sz]e|find|which|what|who)\b"
)
REPEATS = Wording(
    r"\b(?:song|lyrics?|poem|chant|rhyme|refrain|chorus|tongue[- ]twister|mantra|repeat\w*|times|ballad|lullaby"
    r"|villanelle|pantoum|limerick|beat|rap|anthem|hymn|sequence|pattern|loops?|echo)\b"
)
STOPS_SHORT = Wording(
    r"\A[^\n]*\b(?-i:(?:when|if|while|because|until|since|although|as soon as) (?:it|they|you|he|she|we|I|there|this) (?:is|are|was|were|can|will|has|have|had|should|must))\s*\Z"
    r"|\A(?:\S+ ){3}[^\n]*?(?-i:\b(?:the|an?|and|or|nor|because|such as|whose|than|every|your|their|our|its|of|including|very|e\.g|i\.e))\s*\Z"
    r"|\A[^\n]{60,}(?-i:\b(?:to|with|from|by|for|in|into|at|as|that|which|who|although|while|if|when|where|is|are|was|were"
    r"|has|have|had|be|been|being|will|would|can|could|should|must|may|might|most|his|my|these|those|this|each"
    r"|between|about|on|but|so|also|not|both|either|during|through))\s*\Z"
    r"|[,–—]\s*\Z",
    unless=r"\b(?:what|which|whom?|something|anything|nothing|somebody|someone|nobody)\b[^.,;]{0,30} of\s*\Z",
)
_FILLERS = (
    "please to me for the a an you can could your of and in with is are it that this about on some so i will would be"
)
FILLERS = frozenset(_FILLERS.split())
