"""The one place that knows every room: settings, addresses, the queue."""

import os

# One thread for matrix products: ours are small, so that a second one gains nothing, and on a busy machine the
# two wait for each other many times longer than they work. Before anything loads numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Loaded with Django, so that a bell rung by a web process goes to the queue of the settings.
from config.celery import app as celery_app

__all__ = ["celery_app"]
