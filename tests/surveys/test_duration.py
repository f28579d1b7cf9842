from surveys.duration import minutes_to_answer


def test_reading_and_deciding_add_up():
    # 238 words are a minute of reading, 12 ratings of 5 seconds another.
    assert minutes_to_answer(["word " * 238], 12) == 2


def test_a_started_minute_counts_whole():
    assert minutes_to_answer(["word " * 238], 13) == 3


def test_chinese_is_counted_by_characters():
    assert minutes_to_answer(["责" * 520], 0) == 2


def test_comments_take_time_as_well():
    assert minutes_to_answer([], 0, 3) == 1
    assert minutes_to_answer([], 0, 4) == 2


def test_it_never_promises_no_time_at_all():
    assert minutes_to_answer([], 0) == 1
