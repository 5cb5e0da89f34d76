"""The failover time of one run on processes, twice: as the verdict gives it, and as the frames on the
backplane tell it. The new master's heartbeats carry its state, so the first that says MASTER bounds
the truth from above; each node sends one at once when its state changes."""
import dataclasses
import json
import struct

from rounds import CouldNotRun

CLAUSE = "backup-takes-over"
HEARTBEAT = bytes((0x55, 0x53, 1, 1))
MASTER = 4


@dataclasses.dataclass
class FailoverTime:
    measured: float  # seconds, and so all
    error_bar: float
    truth: float
    is_inside: bool


def frames_of(path):
    """(nanoseconds, payload) of each frame: raw IP and UDP headers before it."""
    data = path.read_bytes()
    order = "<" if data[:4] == b"\x4d\x3c\xb2\xa1" else ">"
    at = 24
    while at + 16 <= len(data):
        seconds, nanoseconds, length, _ = struct.unpack_from(order + "IIII", data, at)
        yield seconds * 10**9 + nanoseconds, data[at + 16 + 28:at + 16 + length]
        at += 16 + length


def read(out):
    report = json.loads((out / "report.json").read_text())
    case = report["cases"][0]
    verdicts = [one for one in case["verdicts"] if one["clause"] == CLAUSE and one.get("measured_ns")]
    if not verdicts:
        raise CouldNotRun(f"{case['plan']}: {case['outcome']}, and no failover time")
    measured, error_bar = verdicts[0]["measured_ns"], verdicts[0]["error_bar_ns"]
    folder = out / case["folder"]
    entries = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    backup = next(one["value"] for one in entries if one["kind"] == "bound" and one["name"] == "backup")
    act = next(one["receipt"] for one in entries if one["kind"] == "acted")
    slot = 0 if backup.endswith("A") else 1
    claims = (at for at, frame in frames_of(folder / "backplane.pcap")
              if frame[:4] == HEARTBEAT and frame[4] == slot and frame[5] == MASTER
              and at > act["ordered"])
    first = next(claims, None)
    if first is None:
        raise CouldNotRun(f"{case['plan']}: no frame of {backup} says MASTER")
    # The fault took effect at some instant of the receipt's interval.
    least, most = first - act["done"], first - act["ordered"]
    is_inside = least <= measured + error_bar and most >= measured - error_bar
    return FailoverTime(measured / 1e9, error_bar / 1e9, (least + most) / 2e9, is_inside)
