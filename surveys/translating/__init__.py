"""Translating the texts of a survey: what a translation may be, and files for translators in and out."""
