"""Handing renewed tokens over, once each, to the store and to the application."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from typedoauth._forks import ForkLock
from typedoauth.client.stored_tokens import Save
from typedoauth.errors import OAuthError
from typedoauth.tokens import OAuth2Token

__all__ = ["HandOver"]

_KEPT: Final = 256
_EVERY: Final = 0.5
_NO_LONGER_THAN: Final = 600


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """A new token that nobody has taken over yet, and the one that the application knows."""

    new: OAuth2Token
    known: OAuth2Token
    save: Save | None
    later: bool


class HandOver:
    """Keeps each new token until the store and the application have it.

    Where the store fails, the next use of the old token tries again. If the store gives
    leases, so does a thread, twice a second for up to ten minutes: otherwise the next
    process that has a lease would refresh with what is spent, and lose the user's login.

    Args:
        updated: Told of each new token and the one it replaces, by whoever uses it; not
            by the thread, which belongs to no request.
    """

    __slots__ = ("_lock", "_saver", "_unsaved", "_updated")

    def __init__(self, updated: Callable[[OAuth2Token, OAuth2Token], object]) -> None:
        self._updated: Callable[[OAuth2Token, OAuth2Token], object] = updated
        self._lock: ForkLock = ForkLock()
        self._unsaved: OrderedDict[str, _Unsaved] = OrderedDict()
        self._saver: threading.Thread | None = None

    def add(self, new: OAuth2Token, old: OAuth2Token, save: Save | None, *, later: bool) -> None:
        """Note a token that is to be handed over.

        Args:
            new: The token.
            old: The one that it replaces.
            save: Writes it to its store, if it has one.
            later: Whether the thread may do so, at a time when others may have written:
                what has another version by then stays.
        """
        with self._lock:
            earlier = self._unsaved.pop(old["access_token"], None)
            # The application knows the token that was renewed, or else, where it
            # could not keep that one, the one before.
            known = old if earlier is None else earlier.known
            self._keep(_Unsaved(new, known, save, later))

    def deliver(self, new: OAuth2Token) -> None:
        """Hand a token over, unless that was done.

        Args:
            new: The token.

        Raises:
            StoreError: The store failed.
            Exception: What the application raised.
        """
        with self._lock:
            unsaved = self._unsaved.pop(new["access_token"], None)
        if unsaved is None:
            return
        try:
            if unsaved.save is not None:
                unsaved.save()
                unsaved = replace(unsaved, save=None)
            self._updated(unsaved.new, unsaved.known)
        except BaseException:
            with self._lock:
                self._keep(unsaved)
                if unsaved.later and unsaved.save is not None:
                    self._start_saving()
            raise

    def _keep(self, unsaved: _Unsaved) -> None:
        self._unsaved[unsaved.new["access_token"]] = unsaved
        while len(self._unsaved) > _KEPT:
            self._unsaved.popitem(last=False)

    def _start_saving(self) -> None:
        # In the child of a fork the thread is there, and not alive.
        if self._saver is None or not self._saver.is_alive():
            saver = threading.Thread(target=self._save_later, name="typedoauth-save", daemon=True)
            with suppress(RuntimeError):  # there are too many, or the process is about to end
                saver.start()
                self._saver = saver

    def _save_later(self) -> None:
        ends = time.monotonic() + _NO_LONGER_THAN
        while True:
            time.sleep(_EVERY)
            with self._lock:
                waiting = [
                    (one, one.save)
                    for one in self._unsaved.values()
                    if one.later and one.save is not None
                ]
                if not waiting or time.monotonic() > ends:
                    self._saver = None
                    return
            for one, save in waiting:
                try:
                    save()
                except OAuthError:
                    with self._lock:
                        if one.new["access_token"] in self._unsaved:
                            self._unsaved.move_to_end(one.new["access_token"])
                    break  # the store may still be away; another one comes first next time
                saved = replace(one, save=None)
                with self._lock:
                    if self._unsaved.get(one.new["access_token"]) is one:
                        self._keep(saved)
