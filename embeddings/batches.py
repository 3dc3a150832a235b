"""Batches of texts of similar length."""

from collections.abc import Iterator, Sequence

_MAX_BATCH = 32  # texts


def batches_by_length(lengths: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
    """Yield the indices of the texts of each batch, shortest texts first, so that little is spent on padding.

    Args:
        lengths: The number of tokens of each text.
        max_tokens: The largest size of a batch, with padding; a longer text is a batch of its own.
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == _MAX_BATCH or (len(batch) + 1) * lengths[i] > max_tokens):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
