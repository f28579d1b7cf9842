"""Files of a result: which there are, how they are asked for, made in the background, kept and fetched."""

from materiality.files.kinds import KINDS
from materiality.files.services import open_export, request_export

__all__ = ["KINDS", "open_export", "request_export"]
