"""The doorbell: tells the workers that a job waits. It may be down; the job's row is the record.

Knows the queue and the job's id, and nothing of what the job is about.
"""

import logging
import uuid

from celery import current_app

log = logging.getLogger(__name__)

# A request must not wait for a broker that is down: it gives up after these, and a sweep rings later.
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.0


def ring(job_id: uuid.UUID) -> bool:
    """Ring for one job.

    Returns
    -------
    bool
        Whether the queue took the message. False is logged and never raised.
    """
    try:
        publish(job_id)
    # Whatever is wrong with a broker, the work is safe in its row and the visitor has nothing to do with it.
    except Exception as error:
        log.warning("The queue could not be told of job %s (%s). The next sweep rings again.", job_id, error)
        return False
    return True


def publish(job_id: uuid.UUID) -> None:
    """Put the job's id into the queue, or raise within about two seconds."""
    # A connection of its own for each bell: bells are rare, and a pooled one may be dead since the broker restarted.
    with current_app.connection_for_write(
        connect_timeout=CONNECT_SECONDS,
        transport_options={
            "max_retries": 0,
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
        },
    ) as connection:
        current_app.send_task("jobs.ring", (str(job_id),), connection=connection, retry=False)
