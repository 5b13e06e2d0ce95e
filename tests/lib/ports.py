"""Ports for servers of tests and benchmarks."""
import pathlib
import random
import socket


def free_port():
    """A port that nobody listens on now, nor is given meanwhile: the kernel takes an outgoing connection's own port
    from a range (ip_local_port_range), and such a one would be in the way of a server that starts, or starts again."""
    first_of_clients = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if first_of_clients < 4096:
        raise RuntimeError("net.ipv4.ip_local_port_range leaves no ports to servers")
    for port in random.SystemRandom().sample(range(max(2048, first_of_clients - 20_000), first_of_clients), 200):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError(f"no port below {first_of_clients} is free")
