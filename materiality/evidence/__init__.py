"""The evidence behind a result, in one ZIP that says of itself whether it holds."""

from materiality.evidence.bundle import bundle_of_results, bundle_zip

__all__ = ["bundle_of_results", "bundle_zip"]
