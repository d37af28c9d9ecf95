"""Rules for rows that say what proved them: the proof is made again. They look at `checks`, not at wording."""

from selfinstruct.language import Language
from selfinstruct.records import Candidate
from selfinstruct.verifiers.kind import Row
from selfinstruct.verifiers.registry import KINDS, fault_of


def check_failed(candidate: Candidate, language: Language) -> str:
    """Row that its own checks do not prove: an answer that is not the computed one, a condition not kept, a quotation that is not there.

    Source: IFEval (Zhou et al. 2023) and reinforcement learning with verifiable rewards; a proof that a program can make again
    """
    for check in candidate.checks:
        if check.kind not in KINDS:
            continue
        texts = (candidate.instruction, candidate.input, candidate.output)
        if fault := fault_of(check.kind, Row(language.code, *texts, check.arguments)):
            return f"{check.kind}: {fault}"
        if check.span and candidate.input[slice(*check.span)] != check.arguments.get("quote"):
            return f"{check.kind}: characters {check.span[0]} to {check.span[1]} of the input are not what is quoted"
    return ""


def is_proved(candidate: Candidate, language: Language) -> bool:
    """Return whether a row has checks, all of kinds that are known, and all hold now."""
    return bool(candidate.checks) and not (check_failed(candidate, language) or unknown_check(candidate, language))


def unknown_check(candidate: Candidate, language: Language) -> str:
    """Row with a check of a kind that this version does not know, which it cannot prove."""
    unknown = [check.kind for check in candidate.checks if check.kind not in KINDS]
    return f"no kind `{unknown[0]}` is known for {language.code}" if unknown else ""
