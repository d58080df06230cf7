"""Small real servers on the loopback for what the desk sends: an SMTP server and a webhook's receiver. Each ends with its block."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class MailServer:
    """`rcpt`, `data`: the answers to RCPT and to the end of DATA; an empty one breaks the connection off."""

    port: int = 0
    rcpt: str = "250 ok"
    data: str = "250 ok"
    received: list[str] = field(default_factory=list)


@dataclass
class HookServer:
    """`answers`: status codes one after another, the last one for good; 0 takes the request and says nothing. `requests`: headers and body."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    state = MailServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            for line in self.rfile:
                word = line[:4].upper()
                if word == b"DATA":
                    self.say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                    state.received.append(text)
                    if not self.say(state.data):
                        return
                elif not self.say(state.rcpt if word == b"RCPT" else "250 ok") or word == b"QUIT":
                    return

        def say(self, answer: str) -> bool:
            if answer:
                self.wfile.write(f"{answer}\r\n".encode())
            return bool(answer)

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)) as port:
        state.port = port
        yield state


@contextmanager
def hook_server() -> Iterator[HookServer]:
    state = HookServer()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((dict(self.headers), body))
            status = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            if status:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", state.url)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Receiver)) as port:
        state.url = f"http://127.0.0.1:{port}/hook"
        yield state


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
