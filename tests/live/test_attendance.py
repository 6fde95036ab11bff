"""How many are here, over workers that tell each other now and then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moderator.live.attendance import MARK, Attendance, Peak

MADE = 1_000


def worker(*, saw_begin: bool = True) -> Attendance:
    return Attendance(MADE, saw_begin=saw_begin)


def hash_of(n: int) -> str:
    return f"{n:08d}and-so-on="


def tell(workers: list[Attendance]) -> None:
    """All tell, then all read, as far as one after the other can."""
    told = [(one.marks(), one.peak) for one in workers]
    for one in workers:
        others = [said for said, other in zip(told, workers, strict=True) if other is not one]
        elsewhere = {marks[at : at + MARK] for marks, _ in others for at in range(0, len(marks), MARK)}
        one.others(elsewhere, [peak for _, peak in others])


def test_an_attendee_with_tabs_on_two_workers_is_one() -> None:
    one, two = workers = [worker(), worker()]
    for n in range(3):
        one.came(hash_of(n))
    for n in range(2, 4):
        two.came(hash_of(n))
    tell(workers)
    assert [len(one), len(two), one.most, two.most] == [4, 4, 4, 4]
    one.left(hash_of(2))  # the tab at the other worker is still open
    assert len(one) == 4
    two.left(hash_of(2))
    tell(workers)
    assert [len(one), len(two), one.most, two.most] == [3, 3, 4, 4]


def test_the_peak_is_known_to_a_worker_that_came_later() -> None:
    early, late = worker(), worker(saw_begin=False)
    for n in range(5):
        early.came(hash_of(n))
    for n in range(4):
        early.left(hash_of(n))
    assert late.most is None
    tell([early, late])
    assert late.most == 5
    for n in range(10, 16):
        late.came(hash_of(n))
    assert late.most == 7
    tell([early, late])
    assert early.most == 7


def test_what_nobody_saw_begin_has_no_peak() -> None:
    workers = [worker(saw_begin=False), worker(saw_begin=False)]
    workers[0].came(hash_of(1))
    tell(workers)
    assert [one.most for one in workers] == [None, None]


def test_after_a_wipe_it_is_counted_anew_whoever_hears_of_it_first() -> None:
    one, two = workers = [worker(), worker()]
    for n in range(5):
        one.came(hash_of(n))
    tell(workers)
    one.begin_anew(77)
    assert one.most is None
    for late in (two.peak, Peak(MADE, 0, 9)):  # the other has not taken the wipe over yet
        one.others(frozenset(), [late])
        assert one.most is None
    two.others(frozenset(), [one.peak])
    assert two.most is None
    two.begin_anew(77)
    two.came(hash_of(1))
    tell(workers)
    assert [one.most, two.most] == [1, 1]


def test_another_webinar_of_the_same_name_is_another_one() -> None:
    one = worker()
    one.others(frozenset(), [Peak(MADE - 1, 0, 500)])
    assert one.most is None


STEP = st.tuples(st.integers(0, 2), st.integers(0, 6), st.booleans())


@given(st.lists(STEP | st.just("tell"), max_size=60))
def test_all_workers_count_the_same_once_they_told(steps: list[tuple[int, int, bool] | str]) -> None:
    workers = [worker() for _ in range(3)]
    here: list[set[int]] = [set(), set(), set()]
    most = 0
    for step in steps:
        if isinstance(step, str):
            tell(workers)
            most = max(most, len(set().union(*here)))
            assert {len(one) for one in workers} == {len(set().union(*here))}
            assert all((one.most or 0) >= most for one in workers)
            continue
        at, who, comes = step
        (workers[at].came if comes else workers[at].left)(hash_of(who))
        (here[at].add if comes else here[at].discard)(who)
        assert len(workers[at]) == len(here[at] | {int(mark) for mark in workers[at]._elsewhere})
    tell(workers)
    tell(workers)
    assert len({one.most for one in workers}) == 1
