"""A cable between browser and server that can be cut, and that can swallow what the server says."""

from __future__ import annotations

import contextlib
import socket
import threading


class Cable:
    """Listens on 127.0.0.1 and passes bytes on to the server. `cut` refuses everybody, `swallow`
    lets requests through and loses the answers, which is how a network dies at the worst moment."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.is_cut = False
        self._swallowed = b""
        self._lost: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._door = self._listen(0)
        self.port = self._door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        self.is_cut = True
        # Waking the thread that waits for a caller, so that the door is really shut.
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._hang_up()

    def mend(self) -> None:
        self.is_cut, self._swallowed = False, b""
        self._door = self._listen(self.port)

    def swallow(self, path: str) -> None:
        """Answers to requests that name the path are lost from now on; an empty path: none."""
        self._swallowed = path.encode()

    def _listen(self, port: int) -> socket.socket:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        door.listen(64)
        threading.Thread(target=self._answer, args=(door,), daemon=True).start()
        return door

    def _hang_up(self) -> None:
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _answer(self, door: socket.socket) -> None:
        while True:
            try:
                caller, _where = door.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(caller,), daemon=True).start()

    def _join(self, caller: socket.socket) -> None:
        with contextlib.suppress(OSError):
            far = socket.create_connection(self.server, timeout=60)
            self._open |= {caller, far}
            back = threading.Thread(target=self._pass, args=(far, caller, True), daemon=True)
            back.start()
            self._pass(caller, far, False)

    def _pass(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer and target in self._lost:
                    break
                if not is_answer and self._swallowed and self._swallowed in data:
                    self._lost.add(source)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._open.discard(end)
