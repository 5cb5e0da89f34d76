#!/usr/bin/python3
"""ssh_paramiko.py COUNT PORT KEY USER: paramiko against the same server, on a terminal as ours."""
import statistics
import sys
import time

import paramiko

count, port, key, user = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
LINE = b"show line\n"
connects, round_trips = [], []
for number in range(count):
    begin = time.perf_counter()
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect("127.0.0.1", port, user, pkey=paramiko.Ed25519Key.from_private_key_file(key),
                   allow_agent=False, look_for_keys=False)
    channel = client.get_transport().open_session()
    channel.get_pty()
    channel.exec_command("stty raw -echo; echo ready; exec cat")
    connects.append((time.perf_counter() - begin) * 1e3)
    if number + 1 == count:
        channel.recv(256)
        for _ in range(20 * count):
            sent = time.perf_counter()
            channel.sendall(LINE)
            left = len(LINE)
            while left:
                left -= len(channel.recv(left))
            round_trips.append((time.perf_counter() - sent) * 1e6)
    client.close()
print(f"connect_p50_ms={statistics.median(connects):.2f} rtt_p50_us={statistics.median(round_trips):.1f}")
