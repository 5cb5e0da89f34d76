"""The rows: what runs against what, and which bound of the performance table it is held to."""
import contextlib
import dataclasses
import getpass
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import failover_time
from rounds import CouldNotRun, in_turns, run_once

TREE = pathlib.Path(__file__).resolve().parents[2]
HERE = TREE / "tests" / "bench"
PYTHON = "/usr/bin/python3"
FDB_ROWS = 5000
SUITE = "exos-11.3"


@dataclasses.dataclass
class Line:
    what: str
    ours: str
    against: str = ""
    ratio: str = ""
    bound: str = ""
    met: str = ""


@dataclasses.dataclass
class Place:
    build: pathlib.Path
    scratch: pathlib.Path
    rounds: int

    def program(self, name):
        for folder in ("tests", "bin"):
            if (self.build / folder / name).exists():
                return str(self.build / folder / name)
        raise CouldNotRun(f"{name} is not built in {self.build}")

    def environment(self):
        return {**os.environ, "DEVSIM": self.program("bench_device")}

    def python(self, script):
        return [PYTHON, "-B", str(HERE / script)]


def short(number):
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def compare(what, figures, key, other, bound=None, is_less_better=False):
    """One line: ours against `other`, with the ratio, held to `bound` if there is one."""
    middle, least, most = figures.ratios("ours", other, key)
    line = Line(what, short(figures.median("ours", key)),
                f"{other} {short(figures.median(other, key))}",
                f"{middle:.3g} [{least:.3g}..{most:.3g}]")
    if bound is not None:
        line.bound = f"at {'most' if is_less_better else 'least'} {bound:g} x {other}"
        line.met = "yes" if (middle <= bound if is_less_better else middle >= bound) else "NO"
    return line


def console_row(what, words, key, bound, is_less_better=False):
    def measure(place):
        figures = in_turns({
            "floor": [place.program("console_floor"), *words],
            "ours": [place.program("console_bench"), *words],
            "pexpect": [*place.python("console_pexpect.py"), *words]}, place.environment(),
            place.rounds)
        lines = [compare(what, figures, key, "floor", bound, is_less_better),
                 compare("", figures, key, "pexpect")]
        if "rss_kb" in figures.rounds["ours"][0]:
            each = figures.median("ours", "rss_kb") / int(words[1])
            lines.append(Line("  resident, KB a session", short(each)))
        if "cpu_us" in figures.rounds["ours"][0]:
            lines.append(Line("  CPU a command, us", short(figures.median("ours", "cpu_us"))))
        return lines
    return measure


def console_bulk(place):
    lines = console_row("console, one answer of 1 MiB, MB/s", ["bulk", "1024", "4"], "MB/s", 0.7)(place)
    figures, _ = run_once([place.program("console_bench"), "linear"], place.environment())
    ratio = figures["large_MB/s"] / figures["small_MB/s"]
    lines.append(Line("  the same at 1 GiB, MB/s", short(figures["large_MB/s"]),
                      f"256 KiB {short(figures['small_MB/s'])}", f"{ratio:.3g}", "at least 0.9 (goal)",
                      "yes" if ratio >= 0.9 else "NO"))
    grown = figures["rss_after_kb"] - figures["rss_before_kb"]
    lines.append(Line("  memory that the 1 GiB added, KB", short(grown)))
    return lines


@contextlib.contextmanager
def ssh_server(place):
    """An OpenSSH server on loopback with keys and settings of its own: port and the folder of its keys."""
    folder = place.scratch / "sshd"
    folder.mkdir(mode=0o700)
    for name in ("host", "id"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} " + (folder / "host.pub").read_text())
    (folder / "config").write_text(f"""Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/id.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
MaxStartups 100
""")
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    program = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        raise CouldNotRun("there is no sshd")
    with subprocess.Popen([program, "-D", "-f", str(folder / "config")]) as server:
        try:
            for _ in range(500):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
            else:
                raise CouldNotRun("the SSH server does not listen")
            yield port, folder
        finally:
            server.terminate()


def ssh(place):
    """P5 and P6 are measured by the same programs, so in one row."""
    with ssh_server(place) as (port, folder):
        words = ["15", str(port), str(folder / "id")]
        user = getpass.getuser()
        figures = in_turns({
            "libssh": [place.program("ssh_floor"), *words, user],
            "ours": [place.program("ssh_bench"), *words, str(folder / "known_hosts"), user],
            "paramiko": [*place.python("ssh_paramiko.py"), *words, user]}, place.environment(), place.rounds)
    return [compare("SSH, until a command can be sent, p50, ms", figures, "connect_p50_ms", "libssh", 1, True),
            compare("", figures, "connect_p50_ms", "paramiko"),
            compare("SSH, round trip of a line (P6), p50, us", figures, "rtt_p50_us", "paramiko", 1, True),
            compare("", figures, "rtt_p50_us", "libssh")]


def forwarding_table():
    text = ["MAC                                      VLAN Name( Tag)  Age  Flags          "
            "Port / Virtual Port List", "-" * 100]
    for i in range(FDB_ROWS):
        tag = i % 4094 + 1
        mac = f"00:04:96:{i >> 16 & 255:02x}:{i >> 8 & 255:02x}:{i & 255:02x}"
        port = f"{i % 8 + 1}:{i % 48 + 1}" + ("" if i % 9 else ", 1:45")
        text.append(f"{mac} {f'v{tag}':>32}({tag:04d}) {i % 300:04d}  d m {'P' if i % 5 else 'D'}"
                    f"          {port}")
    text += ["", "Flags : d - Dynamic, s - Static, p - Permanent, n - NetLogin, m - MAC, i - IP,", "",
             f"Total: {FDB_ROWS} Static: 0  Perm: 0  Dyn: {FDB_ROWS}  Dropped: 0", "FDB Aging time: 300", ""]
    return "\n".join(text)


def parse(place, what, words, key, bound):
    figures = in_turns({"ours": [place.program("textfsm_bench"), *words],
                        "TextFSM": [*place.python("textfsm_original.py"), *words]},
                       place.environment(), place.rounds)
    if figures.all_of("ours", "rows") != figures.all_of("TextFSM", "rows"):
        raise CouldNotRun("the original found another number of rows")
    return [compare(what, figures, key, "TextFSM", bound)]


def parse_table(place):
    table = place.scratch / "show_fdb.txt"
    table.write_text(forwarding_table())
    return parse(place, f"parse, show fdb of {FDB_ROWS} rows, MB/s",
                 [str(table), "1", str(HERE / "show_fdb.textfsm")], "MB/s", 10)


def parse_outputs(place):
    """The dialect's own templates on short outputs."""
    folder = place.scratch / "outputs"
    folder.mkdir()
    for text in sorted((HERE / "outputs").glob("*.txt")):
        for template in (TREE / "targets" / "dialects" / "exos").glob(f"{text.stem}*.textfsm"):
            shutil.copy(template, folder)
            shutil.copy(text, folder / f"{template.stem}.txt")
    count = len(list(folder.glob("*.txt")))
    return parse(place, f"parse, {count} short outputs in turns, parses/s", [str(folder), "1"],
                 "parses/s", 10)


def lab(*command):
    """In two namespaces of its own; needs root."""
    if os.geteuid() != 0:
        raise CouldNotRun("network namespaces need root")
    return [PYTHON, "-B", str(TREE / "fixtures" / "labs" / "lab.py"), "namespaces", *command]


def inline_wire(place):
    """One stream through the kernel's bridge, the least that forwards through libpcap, and ours."""
    ends = ("to-MSM-A", "to-MSM-B")
    stream = place.program("inline_stream")
    bridge = ("ip link add bridge type bridge stp_state 0; ip link set bridge up; "
              f"for end in {' '.join(ends)}; do ip link set $end master bridge; done; exec \"$@\"")
    frames = str(TREE / "targets" / "frames" / "understudy.yaml")
    figures = in_turns({"bridge": lab("sh", "-c", bridge, "sh", stream),
                        "libpcap": lab(stream, place.program("inline_floor"), *ends),
                        "ours": lab(stream, place.program("inline_bench"), frames, *ends)},
                       place.environment(), place.rounds)
    return [compare("inline wire, one-way delay, p50, us", figures, "delay_p50_us", "libpcap", 1, True),
            compare("", figures, "delay_p50_us", "bridge"),
            compare("  p99, us", figures, "delay_p99_us", "libpcap"),
            compare("  thousand frames/s", figures, "kframes/s", "libpcap", 1),
            compare("", figures, "kframes/s", "bridge")]


def cut(place):
    lines = cut_row(place, "cut", [place.program("wire_cut"), "200"])
    try:
        return lines + cut_row(place, "cut of an inline wire", lab(place.program("wire_cut"), "200", "inline"))
    except CouldNotRun as error:
        return [*lines, Line(f"cut of an inline wire: could not run: {error}", "")]


def cut_row(place, what, command):
    figures, _ = run_once(command, place.environment())
    after = int(figures["frames_after_receipt"])
    return [
        Line(f"{what}, frames after the receipt, of 200", str(after), bound="none",
             met="yes" if after == 0 else "NO"),
        Line("  request to receipt, p50, us", short(figures["receipt_p50_us"]),
             f"p99 {short(figures['receipt_p99_us'])}"),
        Line("  request to the last frame passed, p50, us", short(figures["last_passed_p50_us"]),
             f"p99 {short(figures['last_passed_p99_us'])}")]


def schedules(place):
    figures = in_turns({"floor": ["taskset", "-c", "0", place.program("simulation_floor"), "20000000"],
                        "ours": ["taskset", "-c", "0", place.program("simulation_bench"), "2000000"]},
                       place.environment(), place.rounds)
    lines = [compare("simulated schedules of 60 s a second, a core", figures, "schedules/s", "floor", 0.1)]
    lines.append(compare("  million events/s", figures, "Mevents/s", "floor"))
    lines.append(Line("  times as fast as real time", short(figures.median("ours", "speedup"))))
    return lines


def understudy(place, *words, accepted=(0,), before=(), seconds=600):
    return run_once([*before, place.program("understudy"), *words], place.environment(), accepted, seconds)


def seconds_of(text):
    """"1m2.5s", "250ms" in seconds."""
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
    return sum(float(number) * units[unit]
               for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)", text))


def suite_on_processes(place):
    """All cases one after another, against the waits in them as `plan` prints them: what the same cases take
    on a virtual clock, where boots, elections, polls and pauses take their time and nothing else does."""
    testbed = ("--testbed", f"{SUITE}-processes")
    _, text = understudy(place, "plan", SUITE, *testbed)
    counts, waiting = text.strip().splitlines()[-2:]
    waits = seconds_of(re.search("waits add up to ([^,]+),", waiting).group(1))
    pauses = seconds_of(counts.rsplit("add up to ", 1)[1])
    figures, _ = understudy(place, "run", SUITE, *testbed, "--jobs", "1", "--out",
                            str(place.scratch / "processes"), accepted=(0, 1, 2), seconds=2 * waits)
    ratio = figures["wall_s"] / waits
    return [Line(f"suite on processes, {counts.split()[0]} plans in turn, s", short(figures["wall_s"]),
                 f"waits, virtual {short(waits)}", f"{ratio:.3g}", "at most 1.15 x",
                 "yes" if ratio <= 1.15 else "NO"),
            Line("  of it pauses and settle times of the plans, s", short(pauses))]


def suite_simulated(place):
    walls = []
    for number in range(place.rounds):
        out = place.scratch / f"simulated-{number}"
        figures, _ = understudy(place, "run", SUITE, "--testbed", "exos-11.3-simulated", "--out",
                                str(out), accepted=(0, 1, 2), before=("taskset", "-c", "0"))
        walls.append(figures["wall_s"])
    walls.sort()
    middle = walls[len(walls) // 2]
    return [Line("suite on the simulated chassis, a core, s", short(middle), "",
                 f"[{walls[0]:.3g}..{walls[-1]:.3g}]", "under 5", "yes" if middle < 5 else "NO")]


def failover(place):
    case = "master-hangs"
    times = []
    for number in range(place.rounds):
        out = place.scratch / f"failover-{number}"
        understudy(place, "run", SUITE, "--testbed", "exos-11.3-processes", "--case", case, "--seed",
                   str(number + 1), "--out", str(out), accepted=(0, 1, 2))
        times.append(failover_time.read(out))
    inside = sum(one.is_inside for one in times)
    times.sort(key=lambda one: one.error_bar)
    middle = times[len(times) // 2]
    return [Line(f"failover time of {case}, error bar, ms", f"+-{short(middle.error_bar * 1e3)}",
                 f"by frames {short(middle.truth * 1e3)} ms", f"{inside} of {len(times)} inside",
                 "the truth is inside", "yes" if inside == len(times) else "NO"),
            Line("  from the truth at most, ms",
                 short(max(abs(one.measured - one.truth) for one in times) * 1e3))]


ROWS = {
    "P1": console_bulk,
    "P2": console_row("console, 256 KiB in pages of 23 lines, MB/s", ["bulkpaged", "256", "4"], "MB/s",
                      0.6),
    "P3": console_row("console, round trip of a short command, p50, us", ["rtt", "2000"], "p50_us", 3,
                      True),
    "P4": console_row("console, 100 sessions in one process, MB/s", ["many", "100", "64", "10"], "MB/s",
                      0.5),
    "P5": ssh,
    "P7": parse_table,
    "P8": parse_outputs,
    "P10": inline_wire,
    "P11": cut,
    "P12": schedules,
    "P16": failover,
    "P17": suite_on_processes,
    "P18": suite_simulated,
}
