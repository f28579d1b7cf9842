from queue import Empty

import pytest
from kombu import Connection

from jobs.filequeue import QueueFolderError, prepared


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "queue"


@pytest.fixture
def connect(folder):
    """connect(): a connection of its own, as each process has one."""
    opened = []

    def connection():
        options = {"folder": str(folder), "polling_interval": 0.01}
        opened.append(Connection("files://localhost", transport="jobs.filequeue:Transport", transport_options=options))
        return opened[-1]

    yield connection
    for each in opened:
        each.release()


def take(queue):
    return queue.get(block=False).payload


def test_messages_arrive_in_order_each_at_one_reader(connect):
    writer, one, other = (connect().SimpleQueue("celery") for _ in range(3))
    for number in range(3):
        writer.put(number)
    assert [take(one), take(other), take(one)] == [0, 1, 2]
    with pytest.raises(Empty):
        take(other)


def test_queues_do_not_mix(connect):
    connect().SimpleQueue("celery").put("for celery")
    with pytest.raises(Empty):
        take(connect().SimpleQueue("cel"))


def test_a_message_that_is_still_being_written_is_not_seen(connect, folder):
    reader = connect().SimpleQueue("celery")
    (folder / ".00000000000000000001-half.celery").write_text('{"body":')
    with pytest.raises(Empty):
        take(reader)


def test_an_unreadable_message_is_dropped_and_said_and_the_next_one_read(connect, folder, caplog):
    reader = connect().SimpleQueue("celery")
    (folder / "00000000000000000001-torn.celery").write_text('{"body":')
    connect().SimpleQueue("celery").put("whole")
    assert take(reader) == "whole"
    assert "00000000000000000001-torn.celery" in caplog.text
    assert list(folder.iterdir()) == []


def test_a_message_whose_reader_stops_before_the_end_goes_back(connect, folder):
    connect().SimpleQueue("celery").put("work")
    connection = connect()
    connection.SimpleQueue("celery").get(block=False)  # not acknowledged
    connection.release()
    assert take(connect().SimpleQueue("celery")) == "work"


def test_it_can_be_counted_and_emptied(connect):
    queue = connect().SimpleQueue("celery")
    for number in range(3):
        queue.put(number)
    assert (queue.qsize(), queue.clear(), queue.qsize()) == (3, 3, 0)


def test_the_folder_is_made_with_those_above_it(tmp_path):
    assert prepared(tmp_path / "var" / "queue").is_dir()


def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(tmp_path):
    (tmp_path / "var").touch()
    with pytest.raises(QueueFolderError, match=r"kept in .*/var/queue, which cannot be written to: .*SALIENT_VAR"):
        prepared(tmp_path / "var" / "queue")
