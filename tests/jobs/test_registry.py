import pytest

from jobs import registry
from tests.support import job_kinds


def test_registering_the_same_handler_again_is_harmless():
    registry.register(job_kinds.COUNT, job_kinds.count, title="Counting", page=job_kinds.page)
    assert registry.kind_named(job_kinds.COUNT).handler is job_kinds.count


def test_two_handlers_for_one_kind_are_refused():
    with pytest.raises(ValueError, match=r"'tests.count' is registered twice"):
        registry.register(job_kinds.COUNT, job_kinds.fail, title="Counting")


def test_an_unknown_kind_says_which_are_known():
    with pytest.raises(registry.UnknownKind, match=r"'tests.unheard_of' .*tests.count"):
        registry.kind_named("tests.unheard_of")


def test_a_kind_whose_app_is_gone_is_called_by_its_name():
    assert registry.title_of("tests.unheard_of") == "tests.unheard_of"
