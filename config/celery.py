"""The Celery application. It only rings bells: what is to be done stands in the rows of jobs/."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("salient")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
