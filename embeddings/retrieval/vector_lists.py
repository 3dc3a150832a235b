"""The lists of the dense index: a large one keeps near vectors together, and a search reads the nearest lists only.

A small index has no lists: every vector is compared, as it came from the encoder. In lists, a component has half
precision, so that a vector takes half the memory and the time to read.
"""

from typing import Any, NamedTuple

import faiss as untyped_faiss
import numpy as np
from numpy.typing import NDArray

faiss: Any = untyped_faiss  # its type stubs have the signatures of C++, not of Python

SAMPLE = 40  # vectors for each list, from which the lists' centres are learned: FAISS warns below 39
_ROUNDS = 8  # of k-means
_MARGIN = 0.5  # of the number for which lists were made: as long as more are left after removals, they are kept


class Step(NamedTuple):
    """From so many ``vectors`` on there are so many ``lists``, of which a search reads the nearest ``read``."""

    vectors: int
    lists: int
    read: int


# Measured; the table is in docs/performance.md. Comparing 100,000 vectors takes 10 ms, so that from 50,000 on it would
# be a large part of a search. So many lists are read as recall@10 of .98 needs. Beyond a million nothing was measured.
STEPS = (Step(0, 0, 0), Step(50_000, 1_024, 128), Step(200_000, 2_048, 128), Step(800_000, 4_096, 64))


def fitting(steps: tuple[Step, ...], vectors: int, lists: int) -> Step:
    """Return the step for a number of vectors, which are in so many lists now; a few removals change nothing."""
    step = next(step for step in reversed(steps) if step.vectors <= vectors)
    present = next((step for step in steps if step.lists == lists), step)
    return present if step.vectors < present.vectors and vectors > _MARGIN * present.vectors else step


def create(dimension: int, lists: int, sample: NDArray[np.float32] | None) -> Any:
    """Return an empty FAISS index of unit vectors with keys.

    Args:
        dimension: The number of components of a vector.
        lists: The number of lists; 0 for none.
        sample: Vectors like those that it will hold, of shape (n, dimension) with n at least ``lists``; without lists
            None.
    """
    if not lists:
        return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    index = faiss.index_factory(dimension, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False  # a vector is stored as it is, so equal vectors have equal scores in every list
    index.cp.niter = _ROUNDS
    index.cp.min_points_per_centroid = 1
    index.train(sample)
    index.set_direct_map_type(faiss.DirectMap.Hashtable)
    return index


def lists_in(index: Any) -> int:
    """Return the number of lists of a FAISS index that :func:`create` made; 0 if it has none."""
    return int(getattr(index, "nlist", 0))


def keys_in(index: Any) -> NDArray[np.int64]:
    """Return the keys of the vectors of a FAISS index that :func:`create` made, in ascending order."""
    lists = lists_in(index)
    if not lists:
        keys: NDArray[np.int64] = faiss.vector_to_array(index.id_map)  # ascending: keys are never reused
        return keys
    stored = index.invlists
    parts = [faiss.rev_swig_ptr(stored.get_ids(i), n) for i in range(lists) if (n := stored.list_size(i))]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def search_parameters(index: Any, read: int, selector: Any | None) -> Any:
    """Return the parameters of a search that reads so many lists, if there are any, and selects keys, if not None."""
    if not lists_in(index):
        return None if selector is None else faiss.SearchParameters(sel=selector)
    return faiss.SearchParametersIVF(nprobe=read, sel=selector)


def is_known(index: Any, dimension: int) -> bool:
    """Return True if a FAISS index is like those that :func:`create` makes, whatever the number of its lists."""
    if (index.d, index.metric_type) != (dimension, faiss.METRIC_INNER_PRODUCT):
        return False
    if type(index) is faiss.IndexIDMap2:
        return type(faiss.downcast_index(index.index)) is faiss.IndexFlatIP
    return (
        type(index) is faiss.IndexIVFScalarQuantizer
        and type(faiss.downcast_index(index.quantizer)) is faiss.IndexFlatIP
        and index.sq.qtype == faiss.ScalarQuantizer.QT_fp16
        and not index.by_residual
        and index.direct_map.type == faiss.DirectMap.Hashtable
    )
