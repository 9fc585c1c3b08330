"""The private servers of the tests do what the tests suppose."""

import psycopg
import pytest

from tests import servers


def test_each_test_gets_an_empty_database(postgres: servers.Postgres) -> None:
    with postgres.database() as first, postgres.database() as second:
        with psycopg.connect(first) as connection:
            connection.execute("CREATE TABLE seen (id int)")
        with psycopg.connect(second) as connection:
            assert connection.execute("SELECT to_regclass('seen')").fetchone() == (None,)


def test_a_killed_redis_comes_back_empty_on_the_same_port(redis: servers.Redis) -> None:
    with redis.client() as client:
        client.rpush("poll", "a")
    assert redis.length("poll") == 1
    port = redis.port
    redis.kill()
    redis.start()
    assert redis.port == port
    assert redis.length("poll") == 0


def test_a_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(servers.Missing, match="apt-get install nothing-server"):
        servers.find("Nothing", "nothing-server", "no-such-program", "/no/such/*/program")


def test_rabbitmq_answers(rabbitmq: servers.RabbitMQ) -> None:
    assert rabbitmq.ready()
