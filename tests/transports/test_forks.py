"""Parent and children of a fork share no connection, and no thread of one stops another."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import pytest

from tests.forks import FORKS, another_thread, ended_well, fork, in_child
from tests.transports.certificates import Authority
from tests.transports.servers import OK, Server, read_request, replying
from typedoauth.transports import ConnectionSettings, Request, Response, Urllib3Transport
from typedoauth.transports._tls import tls_context

pytestmark = FORKS

CHILDREN = 4


def echoing(sock: socket.socket) -> None:
    """Answer each request with its own request line."""
    while request := read_request(sock):
        line = request.partition(b"\r\n")[0]
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(line), line))


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_parent_and_children_send_at_once(
    transport: Urllib3Transport, authority: Authority, tls: bool
) -> None:
    """Each gets its own answers, over a connection of its own, and the parent keeps its one."""
    settings = ConnectionSettings(verify=str(authority.path), trust_env=False)

    def work(name: str) -> None:
        for number in range(30):
            request = Request("GET", f"{server.url}/{name}/{number}", connection=settings)
            assert transport.send(request).text == f"GET /{name}/{number} HTTP/1.1"

    with Server(echoing, tls=authority.server() if tls else None) as server:
        work("before")
        children = [fork(partial(work, f"child{number}")) for number in range(CHILDREN)]
        work("parent")
        assert all(map(ended_well, children))
        work("after")
        assert server.connections == 1 + CHILDREN


@pytest.mark.parametrize("state", ["idle", "in use", "in another thread"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_child_holds_no_connection_open(
    transport: Urllib3Transport, authority: Authority, state: str, tls: bool
) -> None:
    """What the parent closes ends for the server at once, while its child lives on."""
    settings = ConnectionSettings(verify=str(authority.path), trust_env=False)
    begun, forked, ended = Event(), Event(), Event()
    if state != "in another thread":
        forked.set()

    def script(sock: socket.socket) -> None:
        read_request(sock)
        begun.set()
        forked.wait(20)
        sock.sendall(OK)
        read_request(sock)
        ended.set()

    with Server(script, tls=authority.server() if tls else None) as server:
        request = Request("GET", server.url, stream=state == "in use", connection=settings)
        answers = list[Response]()
        caller = Thread(target=lambda: answers.append(transport.send(request)))
        caller.start()
        assert begun.wait(10)
        if state != "in another thread":
            caller.join(10)
        reading, writing = os.pipe()

        def live_on() -> None:
            os.close(writing)
            os.read(reading, 1)  # which ends when the parent closes its end

        child = fork(live_on)
        try:
            forked.set()
            caller.join(10)
            answers.pop().close()
            transport.close()
            assert ended.wait(10), "the child holds the connection open"
        finally:
            os.close(writing)
            os.close(reading)
            assert ended_well(child)


def test_a_lock_that_a_thread_of_the_parent_holds_is_free(transport: Urllib3Transport) -> None:
    """At whatever moment the process forks; what is idle in the parent's pool is closed."""
    with Server(replying(OK)) as server:
        request = Request("GET", server.url)
        transport.send(request)
        pool = transport._pools.by_settings[request.connection]  # pyright: ignore[reportPrivateUsage] nothing else shows it

        def child() -> None:
            for _ in range(2):
                assert transport.send(request).content == b"ok"
            pool.close()

        with pool._lock:  # pyright: ignore[reportPrivateUsage] as above
            assert in_child(child)
        assert transport.send(request).ok
        assert server.connections == 2


def test_tls_settings_that_a_thread_of_the_parent_reads_hold_up_no_child(
    transport: Urllib3Transport, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child reads the certificate authorities for itself."""
    with Server(replying(OK), tls=authority.server()) as server:
        settings = ConnectionSettings(verify=str(authority.path), trust_env=False)
        request = Request("GET", server.url, connection=settings)

        def slow(pause: Callable[[], None]) -> None:
            def paused(settings: ConnectionSettings, kind: type[ssl.SSLContext]) -> ssl.SSLContext:
                pause()
                return tls_context(settings, kind)

            monkeypatch.setattr("typedoauth.transports._pool.tls_context", paused)
            transport.send(request)

        def child() -> None:
            monkeypatch.undo()
            assert transport.send(request).ok

        with another_thread(slow):
            assert in_child(child)
