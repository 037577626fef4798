# SPDX-License-Identifier: ISC
"""Clients that ask over TLS without a pause while a certificate is renewed, and the certificates that they meet."""
import ssl
import threading

import twenty
import world


class Visitors:
    """Clients that ask over new connections, and count those that get no page; each certificate that they meet."""

    def __init__(self, address, count=3):
        self.address = address
        self.done, self.failed, self.met, self.running = 0, [], set(), True
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def ask(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        while self.running:
            met, wrong = None, None
            try:
                with context.wrap_socket(world.connect(self.address)) as sock:
                    met = sock.getpeercert(binary_form=True)
                    world.send(sock, twenty.head("GET", "/hello.txt", "Connection: close"))
                    answer = world.rest(sock)
                if not answer.endswith(b"Hello, world\n"):
                    wrong = answer[:200]
            except OSError as error:
                wrong = repr(error)
            with self.lock:
                self.done += 1
                self.met.add(met)
                if wrong:
                    self.failed.append(wrong)

    def more(self, count=20):
        goal = self.done + count
        return world.until(lambda: self.done >= goal)

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join(world.HANG)


def certificate(where):
    with open(f"{where}/fullchain.pem", encoding="ascii") as file:
        return ssl.PEM_cert_to_DER_cert(file.read())
