#!/usr/bin/env python3
"""Runs real clients with their defaults against a gateway in front of a scripted provider, and writes docs/clients.md.

usage: client-tests/run.py [--record] [--gateway "COMMAND"] [PART or python=CLIENT...]

Each client asks the provider itself once, then the gateway twice. The second answer must come from the cache, and both must show what
the provider's own answer shows. PART is one of openai, python, js, java, curl; default: all. A part that is not run keeps its rows of
the page.
What is installed, from PyPI, npm and Maven Central in the pinned versions, goes to target/clients. With --record the requests and
replies go to the gateway's test resources, where the build sends them again.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

import upstream

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "target" / "clients"
RECORDED = ROOT / "cache-gateway/src/test/resources/dev/reprise/gateway/client-requests.jsonl"
PAGE = ROOT / "docs" / "clients.md"
SECONDS = 1800
AFTER_ACTION = "yes, the answer"
NOTES = [
    "llama-index sets temperature 0.1 in every request, which the gateway does not cache by default: start it with",
    "`--max-temperature 0.1`, or construct the client with `temperature=0`. `--cache-tool-calls` caches the choice of a tool, too.",
    "",
]


def install(folder, wanted, make):
    """Makes a folder once for the files that say what is wanted."""
    marker = folder / "complete.txt"
    text = "\n".join(path.read_text() for path in wanted)
    if not marker.exists() or marker.read_text() != text:
        print("installing", folder.name, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        make()
        marker.write_text(text)
    return folder


def venv(name):
    folder, wanted = WORK / name, HERE / name / "requirements.txt"

    def make():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", wanted]
        subprocess.run(pip, check=True)

    return install(folder, [wanted], make) / "bin" / "python"


def node():
    wanted = HERE / "js" / "package.json"
    programs = WORK / "node" / "bin"
    if not shutil.which("npm"):
        install(WORK / "node", [HERE / "node" / "requirements.txt"], lambda: venv("node"))
        os.environ["PATH"] = f"{programs}:{os.environ['PATH']}"

    def make():
        shutil.copy(wanted, WORK / "js" / "package.json")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        subprocess.run(npm, cwd=WORK / "js", check=True)

    folder = install(WORK / "js", [wanted], make)
    shutil.copy(HERE / "js" / "clients.mjs", folder)
    return [shutil.which("node"), folder / "clients.mjs"]


def spring():
    wanted = HERE / "java" / "pom.xml"
    classpath = WORK / "java" / "classpath.txt"

    def make():
        maven = [ROOT / "mvnw", "-q", "-B", "-f", wanted, "dependency:build-classpath", f"-Dmdep.outputFile={classpath}"]
        subprocess.run(maven, cwd=ROOT, check=True)

    install(WORK / "java", [wanted], make)
    version = wanted.read_text().split("<artifactId>spring-ai-openai</artifactId>")[1].split("version>")[1].split("<")[0]
    options = ["-cp", classpath.read_text().strip(), f"-Dspring-ai.version={version}"]
    return ["java", *options, HERE / "java" / "Clients.java"]


def curl(provider, gateway):
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    asked = {
        "chat": ("/v1/chat/completions", {}),
        "chat stream": ("/v1/chat/completions", {"stream": True}),
        "ollama": ("/api/chat", {}),
    }
    for call, (path, more) in asked.items():
        marker = "curl " + call
        said = [{"role": "user", "content": f"<{marker}> What is the capital of France?"}]
        body = json.dumps({"model": "gpt-4o-mini", "messages": said, **more})
        typed = [] if call == "ollama" else ["-H", "Content-Type: application/json"]
        result = {"client": "curl", "version": version, "call": call, "streamed": "yes" if call != "chat" else "no"}
        result |= {"shown": [], "calls": []}
        for base in (provider, gateway, gateway):
            command = ["curl", "-sS", base + path, *typed, "-H", "Authorization: Bearer sk-client", "-d", body]
            result["shown"].append(said_by(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
            with urllib.request.urlopen(provider + "/_calls") as reply:
                result["calls"].append(json.load(reply).get(marker, 0))
        yield result


def said_by(text):
    """Returns the words of an answer, whole or streamed."""
    words = ""
    for line in text.split("\n"):
        data = line.removeprefix("data: ")
        if data.startswith("{"):
            value = json.loads(data)
            choice = (value.get("choices") or [{}])[0]
            message = choice.get("message") or choice.get("delta") or value.get("message") or {}
            words += message.get("content") or ""
    return words


def run(command, provider, gateway, *arguments):
    command = [*map(str, command), provider, gateway, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    results = [json.loads(line[7:]) for line in done.stdout.split("\n") if line.startswith("RESULT ")]
    if not results or any("error" in result for result in results):
        print(done.stderr[-4000:], file=sys.stderr)
    return results


def parts(wanted):
    """Returns by name what asks a provider and a gateway."""
    clients = HERE / "python" / "clients.py"
    known = {
        "openai": lambda *bases: run([venv("openai"), clients], *bases, "openai-python"),
        "python": lambda *bases: run([venv("python"), clients], *bases, "!openai-python"),
        "js": lambda *bases: run(node(), *bases),
        "java": lambda *bases: run(spring(), *bases),
        "curl": lambda *bases: list(curl(*bases)),
    }
    for name in wanted:
        if name.startswith("python="):
            client = name.split("=", 1)[1]
            known[name] = lambda *bases, client=client: run([venv("python"), clients], *bases, client)
    return {name: known[name] for name in wanted or known}


def start(command, provider):
    options = ["serve", "--upstream", f"http://127.0.0.1:{provider.server_address[1]}", "--tiers", "memory", "--port", "0"]
    process = subprocess.Popen([*shlex.split(command), *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "listens on http://127.0.0.1:" in line:
            # Its log must be read, or it waits.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, "http://127.0.0.1:" + line.split("listens on http://127.0.0.1:")[1].split("/")[0]
    sys.exit("the gateway did not start")


def compare(name, ask, provider, base):
    """Returns a row for each case of a part."""
    began = time.time()
    rows = ask(f"http://127.0.0.1:{provider.server_address[1]}", base)
    for row in rows:
        calls, shown = row["calls"], row["shown"]
        actions = row.get("actions", 0)
        row["is_hit"] = len(calls) == 3 and 2 * calls[0] == calls[1] == calls[2] - actions and calls[0] > actions
        row["is_equal"] = len(shown) == 3 and shown[0] == shown[1] == shown[2]
        if not (row["is_hit"] and row["is_equal"]):
            print("NOT RIGHT", json.dumps(row)[:3000], flush=True)
    print(f"{name}: {len(rows)} cases in {time.time() - began:.0f} s", flush=True)
    return rows


def page(rows):
    rows = [row(one) for one in rows]
    fresh = {(one[0], one[2]) for one in rows}
    if PAGE.exists():
        table = [line.strip("| ").split(" | ") for line in PAGE.read_text().split("\n") if line.startswith("| ")]
        rows = [one for one in table[2:] if (one[0], one[2]) not in fresh] + rows
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [
        "# Clients",
        "",
        "Real clients in pinned versions, with no option set on either side. Each asks a scripted provider once, and the gateway twice.",
        "Made by `client-tests/run.py`; the build sends the recorded requests of the same clients (`RecordedClientsTest`).",
        f"Each row is of the last run of its client. The last run: {datetime.date.today()}, commit {commit}, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
        "",
        "A hit: the second call does not reach the provider. Equal: both answers of the gateway show what the provider's own shows,",
        "but for identifiers, times, and the temperature that the Responses API repeats and the gateway sets.",
        "In a tool loop, the call in which the model chooses a tool is an action, which is not cached; the answer after it is.",
        "",
        "| Client | Version | Call | Streamed | Second call is a hit | Replay equals a direct call |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += ["| " + " | ".join(one) + " |" for one in rows]
    right = sum(one[4] in ("yes", AFTER_ACTION) and one[5] == "yes" for one in rows)
    clients = {one[0] for one in rows}
    lines += ["", f"{right} of {len(rows)} calls of {len(clients)} clients are right.", ""]
    lines += NOTES
    PAGE.write_text("\n".join(lines))


def row(result):
    marks = ["yes" if result[name] else "**no**" for name in ("is_hit", "is_equal")]
    if result["is_hit"] and result.get("actions"):
        marks[0] = AFTER_ACTION
    return [result["client"], result.get("version", "?"), result["call"], result["streamed"], *marks]


def record(provider):
    """Writes the first request of each marker, and the reply, as they are on the wire."""
    known = {}
    for one in provider.recorded:
        if one["marker"]:
            known.setdefault(one["marker"], one)
    earlier = {}
    if RECORDED.exists():
        earlier = {one["marker"]: one for one in map(json.loads, RECORDED.read_text().splitlines())}
    lines = [json.dumps(one) for _, one in sorted({**earlier, **known}.items())]
    RECORDED.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--gateway", default=str(ROOT / "reprise"), metavar="COMMAND")
    parser.add_argument("part", nargs="*")
    options = parser.parse_args()
    provider = upstream.start()
    process, base = start(options.gateway, provider)
    rows = []
    try:
        for name, ask in parts(options.part).items():
            rows += compare(name, ask, provider, base)
    finally:
        process.terminate()
    if options.record:
        record(provider)
    page(rows)
    wrong = [row for row in rows if not (row["is_hit"] and row["is_equal"])]
    print(f"{len(rows) - len(wrong)} of {len(rows)} right")
    return 1 if wrong else 0


sys.exit(main())
