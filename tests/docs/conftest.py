"""The examples talk to the same server as the tests of the doors."""

from tests.assistant.conftest import assistant, listener, server, settings

__all__ = ["assistant", "listener", "server", "settings"]
