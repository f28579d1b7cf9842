from surveys.keys import answer_key, is_secret, new_secret


def test_the_same_secret_gives_the_same_key():
    assert answer_key(token="t", secret="s") == answer_key(token="t", secret="s")


def test_another_secret_or_another_link_gives_another_key():
    keys = {answer_key(token=token, secret=secret) for token in ("t", "u") for secret in ("s", "r")}
    assert len(keys) == 4


def test_a_key_needs_the_installations_secret_key(settings):
    before = answer_key(token="t", secret="s")
    settings.SECRET_KEY = "another"
    assert answer_key(token="t", secret="s") != before


def test_a_key_looks_like_any_random_one():
    key = answer_key(token="t", secret="s")
    assert (key.version, key.variant) == (4, "specified in RFC 4122")


def test_new_secrets_are_recognised_and_differ():
    first, second = new_secret(), new_secret()
    assert is_secret(first)
    assert first != second


def test_anything_else_is_no_secret():
    assert not any(is_secret(text) for text in (None, "", "sent", "a" * 21, "a" * 23, "a" * 21 + "\n", "ä" * 22))
