"""Frozen records made quickly are frozen records."""

import copy
import gc
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from engine.model.quick import quick, seldom_collecting


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    first: int
    second: str = "b"
    third: dict = field(default_factory=dict)
    fourth: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Plain:
    first: int
    second: str = "b"


def test_a_record_is_filled_by_place_by_name_and_by_default():
    record = Quick(1, third={"x": 1})
    assert (record.first, record.second, record.third, record.fourth) == (1, "b", {"x": 1}, 0)
    assert type(record) is Quick


def test_each_record_has_a_default_of_its_own_making():
    assert Quick(1).third is not Quick(1).third


def test_nothing_of_a_record_can_be_changed():
    record = Quick(1)
    with pytest.raises(FrozenInstanceError):
        record.first = 2
    with pytest.raises(FrozenInstanceError):
        del record.first
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        record.other = 2


def test_records_are_equal_by_what_is_compared():
    assert Quick(1, fourth=1) == Quick(1, fourth=2) != Quick(2)
    assert repr(Quick(1)) == "Quick(first=1, second='b', third={}, fourth=0)"


def test_a_record_is_replaced_copied_and_pickled():
    record = Quick(1, "c")
    assert replace(record, first=2) == Quick(2, "c")
    assert copy.copy(record) == copy.deepcopy(record) == pickle.loads(pickle.dumps(record)) == record


@pytest.mark.parametrize("given", [(), (1, "b", {}, 0, 5)])
def test_a_record_with_too_few_or_too_many_values_is_refused(given):
    with pytest.raises(TypeError):
        Quick(*given)


def test_it_hashes_as_any_frozen_record():
    class_ = quick(Plain)
    assert hash(class_(1)) == hash(class_(1))
    assert {class_(1), class_(1), class_(2)} == {class_(1), class_(2)}


def test_the_collector_is_left_as_it_was():
    before = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold()[0] >= 50_000
    assert gc.get_threshold() == before


def test_a_collector_that_was_put_off_stays_off():
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with seldom_collecting():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
