import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.errors import ReplayedError, TooManyError
from kith_protocol.nonces import NonceMemory

NOW = 1_795_000_000


def test_a_nonce_is_taken_once() -> None:
    memory = NonceMemory()
    memory.remember("a", "n", now=NOW)
    with pytest.raises(ReplayedError):
        memory.remember("a", "n", now=NOW + 1)
    memory.remember("b", "n", now=NOW)
    memory.remember("a", "m", now=NOW)
    assert len(memory) == 3


def test_keys_and_nonces_cannot_run_into_each_other() -> None:
    memory = NonceMemory()
    memory.remember("a", "bc", now=NOW)
    memory.remember("ab", "c", now=NOW)


def test_a_nonce_is_remembered_as_long_as_it_could_be_sent_again() -> None:
    memory = NonceMemory(life_s=360)
    memory.remember("a", "n", now=NOW)
    with pytest.raises(ReplayedError):
        memory.remember("a", "n", now=NOW + 360)
    memory.remember("a", "n", now=NOW + 361)
    assert len(memory) == 1


def test_one_key_cannot_fill_the_memory() -> None:
    memory = NonceMemory(capacity=10, capacity_per_key=2)
    memory.remember("a", "1", now=NOW)
    memory.remember("a", "2", now=NOW)
    with pytest.raises(TooManyError) as caught:
        memory.remember("a", "3", now=NOW)
    assert caught.value.retry_after_s == 360
    memory.remember("b", "1", now=NOW)
    memory.remember("a", "3", now=NOW + 361)


def test_a_full_memory_forgets_nothing() -> None:
    memory = NonceMemory(capacity=2)
    memory.remember("a", "1", now=NOW)
    memory.remember("b", "1", now=NOW)
    with pytest.raises(TooManyError):
        memory.remember("c", "1", now=NOW)
    with pytest.raises(ReplayedError):
        memory.remember("a", "1", now=NOW)
    assert len(memory) == 2


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("12"), st.integers(0, 40))),
)
def test_it_knows_exactly_the_nonces_of_its_span(
    requests: list[tuple[str, str, int]],
) -> None:
    memory = NonceMemory(life_s=20)
    seen: dict[tuple[str, str], int] = {}
    now = NOW
    for key, nonce, later in requests:
        now += later
        is_replay = (key, nonce) in seen and now - seen[key, nonce] <= 20
        if is_replay:
            with pytest.raises(ReplayedError):
                memory.remember(key, nonce, now=now)
        else:
            memory.remember(key, nonce, now=now)
            seen[key, nonce] = now
