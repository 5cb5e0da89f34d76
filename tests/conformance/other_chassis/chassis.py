#!/usr/bin/env python3
"""One MSM of an EXOS-like chassis that shares no line with the reference implementation.

It stands for a device that somebody else wrote: its own protocol between the modules (JSON datagrams),
its own habits on the console (`BACKUP (In Sync)`, a counter in the prompt, pages, log lines in the
middle of answers, slow characters) and, with --defect, its own ways of being wrong. A testbed file is
all that the harness is given.
"""
import argparse
import asyncio
import json
import os
import random
import sys
import time

DEFECTS = {
    "claims-sync-too-early": "the backup is shown in sync before it has the configuration",
    "keeps-sync-of-a-lost-backup": "a lost backup goes on being shown in sync",
    "relays-nothing": "changes after the first synchronisation are not relayed",
    "saves-on-the-master-only": "save does not reach the backup's flash",
    "reboots-without-asking": "reboot asks nothing and drops unsaved changes",
    "cancel-reboots": "Enter at the reboot question reboots",
    "never-takes-over": "a backup stays backup when the master is gone",
    "accepts-any-priority": "a priority of 101 is accepted",
    "restarts-by-itself": "the backup restarts once, soon after it became backup",
}
PAGE = 22


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slot", choices="AB", required=True)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--heartbeat", type=float, default=0.1)
    parser.add_argument("--limit", type=int, default=3)
    parser.add_argument("--boot", type=float, default=1.0)
    parser.add_argument("--chatty", action="store_true", help="log lines in the middle of answers")
    parser.add_argument("--slow", type=float, default=0, help="seconds for each 8 characters")
    parser.add_argument("--defect", choices=sorted(DEFECTS), default="")
    return parser.parse_args()


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Module(asyncio.DatagramProtocol):
    def __init__(self, options):
        self.options = options
        self.name = "MSM-" + options.slot
        self.other = "MSM-" + ("B" if options.slot == "A" else "A")
        self.file = os.path.join(options.state, "primary.cfg")
        os.makedirs(options.state, exist_ok=True)
        self.boots = 0
        self.paging = True
        self.counter = 1
        self.keys = asyncio.Queue()
        self.out = asyncio.Queue()
        self.generation = 0
        self.reset()

    # ------------------------------------------------------------------ the module itself
    def reset(self):
        self.state = "INIT"
        self.peer_state = None
        self.peer_priority = 0
        self.heard = 0.0
        self.active = {}
        self.saved = self.read_flash()
        self.dirty = False
        self.version = 0
        self.peer_version = -1
        self.percent = 0
        self.synced = False
        self.has_sent_all = False
        self.master_since = 0.0

    def read_flash(self):
        try:
            with open(self.file) as flash:
                return json.load(flash)
        except (OSError, ValueError):
            return {}

    def write_flash(self, configuration):
        with open(self.file + ".new", "w") as flash:
            json.dump(configuration, flash)
        os.replace(self.file + ".new", self.file)
        self.saved = dict(configuration)

    @property
    def priority(self):
        return int(self.active.get("priority " + self.options.slot, "0"))

    def send(self, **message):
        if self.state != "INIT" or message.get("type") == "hello":
            self.transport.sendto(json.dumps(message).encode(), address(self.options.peer))

    def connection_made(self, transport):
        self.transport = transport

    def peer_is_alive(self):
        return self.peer_state is not None and time.monotonic() - self.heard < (
            self.options.heartbeat * self.options.limit)

    def datagram_received(self, data, _):
        try:
            message = json.loads(data)
        except ValueError:
            return
        kind = message.get("type")
        if self.state == "INIT":
            return
        if kind == "hello":
            self.on_hello(message)
        elif kind == "snapshot" and self.state == "BACKUP":
            self.active = message["active"]
            self.version = message["version"]
            self.dirty = message["dirty"]
            if message["saved"] != self.saved:
                self.write_flash(message["saved"])
            self.percent = 100
        elif kind == "save" and self.state == "BACKUP":
            self.write_flash(message["saved"])
            self.dirty = False
        elif kind == "reboot":
            self.restart()

    def on_hello(self, message):
        self.heard = time.monotonic()
        self.peer_state = message["state"]
        self.peer_priority = message["priority"]
        self.peer_version = message["version"]
        if self.state == "MASTER" and self.peer_state == "MASTER":
            mine = (self.master_since, self.name)
            if mine > (message["master_since"], self.other):  # the older master stays
                self.restart()
        elif self.state == "MASTER" and self.peer_state == "BACKUP":
            if self.peer_version != self.version:
                self.has_sent_all = True
                self.send(type="snapshot", active=self.active, saved=self.saved,
                          version=self.version, dirty=self.dirty)
            self.synced = self.peer_version == self.version
        elif self.state == "BACKUP":
            self.synced = self.peer_version == self.version and self.percent == 100
        if self.state == "BACKUP" and self.peer_state == "DOWN":
            self.take_over()

    def take_over(self):
        if self.options.defect == "never-takes-over" and self.state == "BACKUP":
            return
        if self.state == "BACKUP" and self.percent < 100:
            self.active = dict(self.saved)
        elif self.state != "BACKUP":
            self.active = dict(self.saved)
        self.state = "MASTER"
        self.version += 1
        self.synced = False
        self.master_since = time.monotonic()
        self.log("Noti", "NM.NodeStateChange", f"{self.name} is MASTER")

    def restart(self):
        self.generation += 1
        self.reset()

    def changed(self, key, value):
        if value is None:
            self.active.pop(key, None)
        else:
            self.active[key] = value
        self.dirty = True
        if not (self.options.defect == "relays-nothing" and self.has_sent_all):
            self.version += 1
            self.send(type="snapshot", active=self.active, saved=self.saved,
                      version=self.version, dirty=self.dirty)

    def save(self):
        self.write_flash(self.active)
        self.dirty = False
        if self.options.defect != "saves-on-the-master-only":
            self.send(type="save", saved=self.saved)

    async def life(self):
        while True:
            generation = self.generation
            await self.boot()
            started = time.monotonic()
            while generation == self.generation:
                self.send(type="hello", state=self.state, priority=self.priority,
                          version=self.version, master_since=self.master_since)
                if self.state == "STANDBY":
                    self.elect(started)
                elif self.state == "BACKUP" and not self.peer_is_alive():
                    self.take_over()
                if (self.options.defect == "restarts-by-itself" and self.state == "BACKUP"
                        and self.boots == 1 and time.monotonic() - started > 1):
                    self.restart()
                await asyncio.sleep(self.options.heartbeat)

    async def boot(self):
        self.boots += 1
        self.print("\r\n\r\nBootROM 1.0.1.5\r\nStarting ExtremeWare XOS 11.3.1.3\r\n")
        await asyncio.sleep(self.options.boot)
        self.active = dict(self.saved)
        self.state = "STANDBY"
        while not self.keys.empty():
            self.keys.get_nowait()
        self.print("\r\nAuthentication Service (AAA) on the master node is now available for login.\r\n")

    def elect(self, started):
        if self.peer_is_alive() and self.peer_state == "MASTER":
            self.state = "BACKUP"
            self.percent = 0
            self.version = -2
            return
        patience = self.options.heartbeat * self.options.limit
        if time.monotonic() - started < patience:
            return
        if self.peer_is_alive() and self.peer_state == "STANDBY":
            mine, theirs = self.priority or 1000, self.peer_priority or 1000
            if (mine, self.name) > (theirs, self.other):
                return
        self.take_over()

    # ------------------------------------------------------------------ the console
    def print(self, text):
        self.out.put_nowait(text)

    def log(self, severity, event, text):
        stamp = time.strftime("%m/%d/%Y %H:%M:%S.00")
        self.print(f"\r\n{stamp} <{severity}:{event}> {self.name}: {text}\r\n")

    async def writer(self):
        while True:
            text = (await self.out.get()).encode()
            step = 8 if self.options.slow else 4096
            for at in range(0, len(text), step):
                os.write(1, text[at:at + step])
                if self.options.slow:
                    await asyncio.sleep(self.options.slow)

    def prompt(self):
        star = "* " if self.dirty and self.state == "MASTER" else ""
        return f"{star}BD-10808.{self.counter} # "

    async def key(self):
        generation = self.generation
        while True:
            try:
                return await asyncio.wait_for(self.keys.get(), 0.05)
            except asyncio.TimeoutError:
                if generation != self.generation:
                    raise ConnectionResetError

    async def line(self):
        text = ""
        while True:
            key = await self.key()
            if key in "\r\n":
                self.print("\r\n")
                return text
            if key in "\x7f\b":
                text = text[:-1]
                self.print("\b \b")
            elif key == "\x03":
                self.print("^C\r\n")
                return ""
            else:
                text += key
                self.print(key)

    async def ask(self, question):
        self.print(question)
        return (await self.line()).strip().lower()

    async def show(self, lines):
        for number, line in enumerate(lines):
            if self.paging and number and number % PAGE == 0:
                self.print("Press <SPACE> to continue or <Q> to quit:")
                key = await self.key()
                self.print("\r" + " " * 42 + "\r")
                if key in "qQ":
                    return
            if self.options.chatty and random.random() < 0.1:
                self.print(f"{time.strftime('%m/%d/%Y %H:%M:%S.00')} <Info:AAA.logout> {self.name}: "
                           "Administrative account (admin) logout from serial\r\n")
            self.print(line + "\r\n")

    async def console(self):
        while True:
            try:
                while self.state in ("INIT", "STANDBY"):
                    await asyncio.sleep(0.02)
                self.print("\r\n" + self.prompt())
                while True:
                    text = (await self.line()).strip()
                    if text:
                        self.counter += 1
                        await self.command(text)
                    self.print(self.prompt())
            except ConnectionResetError:
                continue

    async def command(self, text):
        words = text.split()
        if words[:2] == ["disable", "clipaging"]:
            self.paging = False
        elif words[0] == "show" and len(words) > 1:
            await self.show_command(words)
        elif words[0] in ("create", "delete", "configure") and self.state != "MASTER":
            self.print("Error: This command can only be executed on the primary.\r\n")
        elif words[:2] == ["create", "vlan"]:
            self.changed("vlan " + words[2].strip('"'), "created")
        elif words[:2] == ["delete", "vlan"]:
            self.changed("vlan " + words[2].strip('"'), None)
        elif words[:3] == ["configure", "node", "slot"] and len(words) == 6:
            await self.set_priority(words[3], words[5])
        elif words[0] == "save":
            answer = await self.ask(
                "Do you want to save configuration to primary.cfg and overwrite it? (y/N) ")
            if answer.startswith("y"):
                self.save()
                self.print("Saving configuration on primary MSM ...... done!\r\n")
        elif words[0] == "reboot":
            await self.reboot(words)
        elif words[0] == "run" and words[1] in ("msm-failover", "failover"):
            await self.failover("force" in words)
        else:
            self.print(" " * 4 + "^\r\n%% Invalid input detected at '^' marker.\r\n")

    async def set_priority(self, slot, number):
        right = number.isdigit() and 0 <= int(number) <= 100
        if not right and self.options.defect != "accepts-any-priority":
            self.print("Error: priority must be between 0 and 100.\r\n")
            return
        self.changed("priority " + slot, number)

    def node_row(self, name):
        own = name == self.name
        state = self.state if own else (self.peer_state if self.peer_is_alive() else None)
        if state is None:
            return None
        priority = self.priority if own else self.peer_priority
        return f"{name}    {state:<9} {priority:<9} 49         7"

    def sync_text(self, name):
        backup = self.name if self.state == "BACKUP" else self.other
        state = self.state if name == self.name else self.peer_state
        alive = name == self.name or self.peer_is_alive()
        if not alive:
            if self.options.defect == "keeps-sync-of-a-lost-backup" and self.synced:
                return "BACKUP (In Sync)"
            return ""
        if name != backup or state != "BACKUP":
            return state or ""
        early = self.options.defect == "claims-sync-too-early"
        return "BACKUP (In Sync)" if self.synced or early else "BACKUP (Not In Sync)"

    async def show_command(self, words):
        what = words[1]
        if what.startswith("sw"):
            names = ["MSM-A", "MSM-B"]
            shown = [name + (" *" if name == self.name else "") for name in names]
            await self.show([
                "", "SysName:          BD-10808", "SysLocation:      ", "System MAC:       00:04:96:1F:A2:60",
                "", f"Slot:             {shown[0]:<24}     {shown[1]:<24}",
                " " * 18 + "-" * 24 + " " * 5 + "-" * 24,
                f"Current State:    {self.sync_text('MSM-A'):<24}     {self.sync_text('MSM-B'):<24}",
                "", f"Image Selected:   {'primary':<24}     {'primary':<24}",
                f"Image Booted:     {'primary':<24}     {'primary':<24}",
                "", "Config Selected:  primary.cfg", "Config Booted:    primary.cfg", ""])
        elif what == "node":
            rows = [self.node_row(name) for name in ("MSM-A", "MSM-B")]
            await self.show(["Node     State     Priority  SwHealth  HwHealth", "-" * 50]
                            + [row for row in rows if row])
        elif what.startswith("conf"):
            lines = ["#", "# Module devmgr configuration.", "#"]
            lines += [f"configure node slot {key.split()[1]} priority {value}"
                      for key, value in sorted(self.active.items()) if key.startswith("priority")]
            lines += ["#", "# Module vlan configuration.", "#"]
            lines += [f"create vlan \"{key.split()[1]}\"" for key in sorted(self.active)
                      if key.startswith("vlan")]
            await self.show(lines)
        elif what.startswith("check"):
            percent = 100 if self.synced else 40
            rows = ["%-12s%7d%7d%8d%7d%7d%5d%% %-3s %-3s%3d (%08X)" % row for row in (
                ("vlan", 12, 12, 0, 3, 3, percent, "ON", "OK", 1, 0x8D3),
                ("dirser", 0, 0, 0, 0, 0, 0, "ON", "OK", 1, 0x18D3)) if words[2:] in ([], [row[0]])]
            await self.show(
                ["Process          Tx     Rx  Errors   Sent  Total     % Chkpt    Debug-info", "-" * 76] + rows)
        else:
            self.print(" " * 7 + "^\r\n%% Invalid input detected at '^' marker.\r\n")

    async def reboot(self, words):
        alone = len(words) == 3 and words[1] == "msm"
        if self.dirty and self.state == "MASTER" and self.options.defect != "reboots-without-asking":
            answer = await self.ask(
                "Do you want to save configuration changes to currently selected configuration file\r\n"
                "(primary.cfg) and reboot?\r\n(y - save and reboot, n - reboot without save, <cr> - cancel "
                "command) ")
            if answer.startswith("y"):
                self.save()
            elif not answer.startswith("n") and self.options.defect != "cancel-reboots":
                return
        elif self.options.defect != "reboots-without-asking":
            answer = await self.ask("Are you sure you want to reboot the switch? (y/N) ")
            if not answer.startswith("y"):
                return
        if alone and words[2] != self.options.slot:
            self.send(type="reboot")
            return
        if alone:
            await self.go_down()
        else:
            self.send(type="reboot")
        self.restart()
        raise ConnectionResetError

    async def go_down(self):
        self.state = "DOWN"
        self.send(type="hello", state="DOWN", priority=self.priority, version=self.version,
                  master_since=self.master_since)
        await asyncio.sleep(self.options.heartbeat)

    async def failover(self, forced):
        if self.state != "MASTER":
            self.print("Error: failover must be ordered on the primary.\r\n")
            return
        if not forced and not (self.synced and self.peer_is_alive()):
            self.print("Error: the backup is not in sync.\r\n")
            return
        await self.go_down()
        self.restart()
        raise ConnectionResetError

    async def main(self):
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=address(self.options.listen))

        def readable():
            data = os.read(0, 4096)
            if not data:
                loop.stop()
                return
            if self.state not in ("INIT", "STANDBY"):
                for byte in data.decode("latin-1"):
                    self.keys.put_nowait(byte)

        loop.add_reader(0, readable)
        await asyncio.gather(self.life(), self.console(), self.writer())


def main():
    options = arguments()
    if sys.stdin.isatty():
        import tty
        tty.setraw(0)
    try:
        asyncio.run(Module(options).main())
    except (RuntimeError, KeyboardInterrupt):
        pass


if __name__ == "__main__":
    main()
