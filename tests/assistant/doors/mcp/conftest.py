from collections.abc import AsyncIterator

import pytest
from mcp import Client

from assistant.assistant import Assistant
from assistant.doors.mcp import create_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[Client]:
    """The official client on a server in this process; it validates every result against the tool's output schema."""
    async with Client(create_server(lambda: assistant)) as client:
        yield client
