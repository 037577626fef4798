# SPDX-License-Identifier: ISC
"""Clients that make TLS requests without a pause while a certificate is renewed, and the certificates that they get."""
import ssl

import twenty
import world


class Visitors(world.Load):
    """Clients with a new connection for each request. `met` has the certificates that they got."""

    def __init__(self, address, count=3):
        self.address, self.met = address, set()
        super().__init__(count)

    def client(self, number):
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
                self.met.add(met)
            self.finished(wrong)

    def more(self, count=20):
        return super().more(count)


def certificate(where):
    with open(f"{where}/fullchain.pem", encoding="ascii") as file:
        return ssl.PEM_cert_to_DER_cert(file.read())
