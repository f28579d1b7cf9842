"""The product's application, which also knows the job kinds of tests."""

from config.wsgi import application
from tests.support import job_kinds

__all__ = ["application", "job_kinds"]
