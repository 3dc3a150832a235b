from functools import partial
from pathlib import Path

import pytest

from embeddings.storage.database import Database
from tests.embeddings.storage.contract import DatabaseContract, Open


class TestSqlite(DatabaseContract):
    @pytest.fixture
    def opened(self, tmp_path: Path) -> Open:
        return partial(Database, tmp_path / "db", "encoder")
