"""The tree and its proofs against RFC 9162 written out; and that a proof with any byte changed proves nothing."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin.evidence.edge import TILE_HASHES, Edge, edge_rows
from genjin.evidence.merkle import (
    Range,
    complete_root,
    consistency_ranges,
    inclusion_ranges,
    nodes_of,
    range_hash,
)
from genjin.evidence.verify import BadEvidence, Frontier, consistency_roots, inclusion_root
from tests.evidence import reference

SIZES = st.integers(1, 1500)
LEAVES = [sha256(str(number).encode()).digest() for number in range(70_000)]


def hashes_of(ranges: list[Range]) -> list[bytes]:
    wanted = {node for leaves in ranges for node in nodes_of(leaves)}
    nodes = {
        (level, index): complete_root(LEAVES[index << level : (index + 1) << level])
        for level, index in wanted
    }
    return [range_hash(leaves, nodes) for leaves in ranges]


def grown(*batches: int) -> Edge:
    edge = Edge()
    for batch in batches:
        edge.add(LEAVES[edge.size : edge.size + batch])
    return edge


def test_the_root_of_every_small_tree_is_that_of_the_rfc() -> None:
    for size in range(71):
        assert grown(size).root() == reference.tree_hash(LEAVES[:size])


@given(SIZES)
def test_the_root_of_a_larger_tree_is_that_of_the_rfc(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(leaf)
    assert grown(size).root() == frontier.root() == reference.tree_hash(LEAVES[:size])


@given(st.lists(st.integers(0, 700), max_size=8))
def test_however_the_leaves_are_batched_the_tiles_and_the_root_are_the_same(
    batches: list[int],
) -> None:
    edge, tiles = Edge(), []
    for batch in batches:
        tiles += edge.add(LEAVES[edge.size : edge.size + batch])
    whole = Edge()
    assert sorted(tiles, key=lambda tile: (tile.level, tile.index)) == sorted(
        whole.add(LEAVES[: edge.size]), key=lambda tile: (tile.level, tile.index)
    )
    assert whole.root() == edge.root()


def test_a_tile_of_tiles_closes_with_its_last_leaf() -> None:
    edge = Edge()
    tiles = edge.add(LEAVES[: TILE_HASHES**2])
    assert [(tile.level, tile.index) for tile in tiles[-2:]] == [(0, 255), (1, 0)]
    assert tiles[-1].root == edge.root() == complete_root(LEAVES[: TILE_HASHES**2])
    assert len(tiles) == TILE_HASHES + 1


@given(SIZES, st.integers(0, 600))
def test_an_edge_that_was_put_down_grows_on_as_if_it_had_not_been(size: int, more: int) -> None:
    rows: list[list[bytes]] = []
    for level, (first, end) in enumerate(edge_rows(size)):
        width = TILE_HASHES**level
        rows.append(
            [complete_root(LEAVES[at * width : (at + 1) * width]) for at in range(first, end)]
        )
    edge = Edge.of_rows(size, rows)
    edge.add(LEAVES[size : size + more])
    assert edge.root() == grown(size + more).root()


def test_every_inclusion_proof_of_a_small_tree_is_that_of_the_rfc_and_holds() -> None:
    for size in range(1, 71):
        root = reference.tree_hash(LEAVES[:size])
        for index in range(size):
            path = hashes_of(inclusion_ranges(index, size))
            assert path == reference.path(index, LEAVES[:size])
            assert inclusion_root(index, size, LEAVES[index], path) == root


def test_every_consistency_proof_of_a_small_tree_is_that_of_the_rfc_and_holds() -> None:
    roots = [reference.tree_hash(LEAVES[:size]) for size in range(71)]
    for second in range(1, 71):
        for first in range(1, second + 1):
            path = hashes_of(consistency_ranges(first, second))
            assert path == reference.proof(first, LEAVES[:second])
            found = consistency_roots(first, second, roots[first], path)
            assert found == (roots[first], roots[second])


@given(st.data())
@settings(max_examples=60)
def test_proofs_of_larger_trees_are_those_of_the_rfc_and_hold(data: st.DataObject) -> None:
    second = data.draw(SIZES)
    first = data.draw(st.integers(1, second))
    root, leaves = grown(second).root(), LEAVES[:second]
    path = hashes_of(inclusion_ranges(first - 1, second))
    assert path == reference.path(first - 1, leaves)
    assert inclusion_root(first - 1, second, LEAVES[first - 1], path) == root
    path = hashes_of(consistency_ranges(first, second))
    assert path == reference.proof(first, leaves)
    old = grown(first).root()
    assert consistency_roots(first, second, old, path) == (old, root)


@given(st.data())
@settings(max_examples=60)
def test_a_path_that_is_longer_or_shorter_proves_nothing(data: st.DataObject) -> None:
    second = data.draw(st.integers(2, 300))
    first = data.draw(st.integers(1, second - 1))
    old = grown(first).root()
    of_leaf = hashes_of(inclusion_ranges(first - 1, second))
    of_tree = hashes_of(consistency_ranges(first, second))
    for change in (lambda path: [*path, LEAVES[0]], lambda path: path[:-1]):
        with pytest.raises(BadEvidence):
            inclusion_root(first - 1, second, LEAVES[first - 1], change(of_leaf))
        with pytest.raises(BadEvidence):
            consistency_roots(first, second, old, change(of_tree))


@pytest.mark.parametrize(("first", "second"), [(0, 5), (6, 5), (-1, 5)])
def test_no_path_leads_between_sizes_that_do_not_grow(first: int, second: int) -> None:
    with pytest.raises(BadEvidence):
        consistency_roots(first, second, LEAVES[0], [LEAVES[1]])


@pytest.mark.parametrize("index", [-1, 5])
def test_a_leaf_outside_the_tree_is_in_no_tree(index: int) -> None:
    with pytest.raises(BadEvidence):
        inclusion_root(index, 5, LEAVES[0], [])
