"""The one rule for services that a machine may lack, for tests of every folder."""

from __future__ import annotations

import socket

import redis

from tests.real_servers.requirement import lacking

REDIS = ("127.0.0.1", 6379)


def redis_client(*, decode_responses: bool = False) -> redis.Redis:
    """The Redis of this machine; without one the test is skipped, or fails where ``CI`` is set."""
    try:
        socket.create_connection(REDIS, timeout=5).close()
    except OSError:
        lacking("Redis", "start redis-server on 127.0.0.1:6379")
    host, port = REDIS
    return redis.Redis(host, port, socket_timeout=5, decode_responses=decode_responses)
