"""The process as pages show it: the stages of ATRenew's 2021 figure, each with what is done, by whom, and what is next.

Pure but for `activity_of`: facts in, stages in the language of the page out.
"""

from materiality.process.parts import Fact, Next
from materiality.process.stages import Stage, process_of
from materiality.process.work import Worked, activity_of, stage_of

__all__ = ["Fact", "Next", "Stage", "Worked", "activity_of", "process_of", "stage_of"]
