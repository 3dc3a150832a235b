"""Readers of the datasets: those shipped with the code, and public ones in the folder ``ASSISTANT_EVAL_DATA``."""
