import socket
from contextlib import closing

from assistant.assistant import Assistant
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.doors.http.rate_limit import RateLimiter, SharedRateLimiter
from assistant.doors.http.server_tables import ServerTables
from assistant.settings import Settings
from tests.postgres_server import PostgresServer
from tests.serving import running


def test_a_client_over_the_limit_has_to_wait() -> None:
    limiter = RateLimiter(per_minute=6)
    assert [limiter.delay("a") for _ in range(6)] == [0.0] * 6
    assert 9 < limiter.delay("a") <= 10
    assert 9 < limiter.delay("a") <= 10  # rejected requests are not counted
    assert limiter.delay("b") == 0


def test_idle_clients_are_dropped() -> None:
    limiter = RateLimiter(per_minute=10_000_000)
    for client in range(3 * RateLimiter.MAX_CLIENTS):
        limiter.delay(str(client))
    assert len(limiter._arrivals) <= RateLimiter.MAX_CLIENTS


def test_zero_means_no_limit() -> None:
    limiter = RateLimiter(per_minute=0)
    assert not any(limiter.delay("a") for _ in range(1000))


def test_servers_over_one_database_count_a_client_together(postgres: PostgresServer) -> None:
    url = postgres.library_url()
    with closing(ServerTables(url)) as first, closing(ServerTables(url)) as second:
        one, two = SharedRateLimiter(6, first), SharedRateLimiter(6, second)
        assert [one.delay("a") for _ in range(4)] + [two.delay("a") for _ in range(2)] == [0.0] * 6
        assert 9 < one.delay("a") <= 10
        assert 9 < two.delay("a") <= 10  # rejected requests are not counted
        assert two.delay("b") == 0


def test_a_server_limits_by_itself_while_the_database_does_not_answer(postgres: PostgresServer) -> None:
    with closing(ServerTables(postgres.library_url())) as tables:
        limiter = SharedRateLimiter(2, tables)
        assert limiter.delay("a") == 0
        postgres.stop()
        assert [limiter.delay("a") > 0 for _ in range(4)] == [False, False, True, True]
        postgres.start()


def test_idle_clients_are_dropped_from_the_database(postgres: PostgresServer) -> None:
    with closing(ServerTables(postgres.library_url())) as tables:
        limiter = SharedRateLimiter(10_000_000, tables)
        for client in range(2_000):
            limiter.delay(str(client))
        ((clients,),) = tables.execute("SELECT count(*) FROM server_clients")
    assert clients <= 1_001


def test_each_key_and_each_address_has_its_own_limit(assistant: Assistant) -> None:
    one, two = create_key(), create_key()
    settings = Settings(api_keys=f"{key_entry('one', one)},{key_entry('two', two)}", rate_limit=3)
    app = create_app(settings, assistant)
    with socket.create_server(("127.0.0.1", 0)) as listener, running(app, listener) as server:

        def status(key: str) -> int:
            return server.http.get("/v1/models", headers={"Authorization": f"Bearer {key}"}).status_code

        assert [status(one) for _ in range(4)] == [200, 200, 200, 429]
        assert [status("wrong") for _ in range(4)] == [401, 401, 401, 429]
        assert status(two) == 200
        refused = server.http.get("/v1/models", headers={"Authorization": f"Bearer {one}"})
        live = [server.http.get("/health/live").status_code for _ in range(5)]
    assert refused.json()["error"]["code"] == "too_many"
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert live == [200] * 5
