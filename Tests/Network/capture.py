#!/usr/bin/env python3
"""Listens on a network interface until it is terminated, then says which words went by in clear.

    capture.py INTERFACE READY_FILE WORD...

It makes READY_FILE when it listens. At the end it prints `bytes N`, the TCP payload that was seen,
and `found WORD` for each word. Streams are put together first: a word that two packets share is
found. It exits with 1 if packets were missed, since nothing could be said of them.
"""

import signal
import socket
import struct
import sys

ETHERNET_BYTES = 14
ALL_PROTOCOLS = 3
SOL_PACKET, PACKET_STATISTICS = 263, 6


def segment(frame):
    """The stream, the sequence number and the payload of a TCP segment in IPv4, or None."""
    packet = frame[ETHERNET_BYTES:]
    if frame[12:14] != b"\x08\x00" or len(packet) < 40 or packet[9] != socket.IPPROTO_TCP:
        return None
    header = (packet[0] & 15) * 4
    total = struct.unpack("!H", packet[2:4])[0] or len(packet)
    tcp = packet[header:total]
    ports, sequence = tcp[:4], struct.unpack("!I", tcp[4:8])[0]
    return packet[12:20] + ports, sequence, tcp[(tcp[12] >> 4) * 4 :]


def stream(segments):
    """What a stream said, in its order and without repetitions."""
    first = min(segments, key=lambda s: s[2])[0]
    said, end = bytearray(), 0
    for sequence, payload, _ in sorted(segments, key=lambda s: ((s[0] - first + 2**31) % 2**32)):
        start = (sequence - first + 2**31) % 2**32 - 2**31
        said += payload[max(0, end - start) :]
        end = max(end, start + len(payload))
    return bytes(said)


def main():
    interface, ready, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
    listener.bind((interface, 0))
    listener.settimeout(0.1)
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    open(ready, "w").close()
    streams, count = {}, 0
    while True:
        try:
            frame = listener.recv(1 << 18)
        except socket.timeout:
            if stopped:
                break
            continue
        found = segment(frame)
        if found and found[2]:
            name, sequence, payload = found
            streams.setdefault(name, []).append((sequence, payload, count))
            count += 1
    _, missed = struct.unpack("II", listener.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    said = [stream(segments) for segments in streams.values()]
    print("bytes", sum(map(len, said)))
    for word in words:
        if any(word.encode() in text for text in said):
            print("found", word)
    if missed:
        print(f"{missed} packets were missed", file=sys.stderr)
        sys.exit(1)


main()
