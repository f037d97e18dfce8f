#!/usr/bin/env python3
"""What docker/verify-metrics.sh asks of gateways and of Prometheus.

  metrics.py traffic GATEWAY SECONDS    asks a gateway all sorts of questions for that long
  metrics.py expressions PROMETHEUS     evaluates every expression of the dashboard and of the rules
  metrics.py alert PROMETHEUS NAME      succeeds where that alert is pending or firing
  metrics.py up PROMETHEUS COUNT        succeeds where so many targets are scraped

The admin token is taken from REPRISE_ADMIN_TOKEN.
"""

import json
import math
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DASHBOARD = pathlib.Path(__file__).parent.parent / "metrics/grafana/dashboards/reprise.json"

# What Grafana puts in place of its variables; here the scrapes are a second apart.
VARIABLES = {"$__rate_interval": "30s", "$__range": "5m"}


def call(url, body=None, headers=None):
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def ask(gateway, question, temperature=0, **headers):
    body = {
        "model": "gpt-4o-mini",
        "temperature": temperature,
        "messages": [{"role": "user", "content": question}],
    }
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    status, received, _ = call(gateway + "/v1/chat/completions", body, sent)
    if status != 200:
        sys.exit(f"{question!r} was answered with {status}")
    return {name.lower(): value for name, value in received.items()}


def traffic(gateway, seconds):
    admin = {"Authorization": "Bearer " + os.environ["REPRISE_ADMIN_TOKEN"]}
    outcomes = {}
    end = time.monotonic() + float(seconds)
    turn = 0
    while time.monotonic() < end:
        turn += 1
        answers = [
            ask(gateway, f"What is the population of town number {turn}?", X_Reprise_Tags="towns"),
            ask(gateway, f"What is the population of town number {turn}?"),
            ask(gateway, "How do I reset my password?"),
            ask(gateway, "How can I reset my password?"),
            ask(gateway, "Is it safe to take ibuprofen?"),
            ask(gateway, "Is it not safe to take ibuprofen?"),
            ask(gateway, "Tell me a joke.", temperature=1),
            ask(gateway, f"Say nothing twice, {turn}.", Cache_Control="no-store"),
        ]
        for answer in answers:
            outcome = answer["x-reprise-cache"]
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            if outcome == "hit-semantic":
                entry = answer["x-reprise-entry"]
                call(gateway + "/admin/feedback", {"entry": entry, "feedback": "right"}, admin)
        call(gateway + "/admin/invalidate", {"tag": "towns"}, admin)
        time.sleep(0.3)
    print("   outcomes:", ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))


def prometheus(address, path, **parameters):
    status, _, body = call(f"{address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
    answer = json.loads(body)
    if status != 200 or answer["status"] != "success":
        raise ValueError(answer.get("error", status))
    return answer["data"]


def samples(address, expression):
    """Returns how many samples are numbers."""
    result = prometheus(address, "query", query=expression)["result"]
    return sum(1 for sample in result if not math.isnan(float(sample["value"][1])))


def expressions(address):
    asked = 0
    wrong = []
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            expression = target["expr"]
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            asked += 1
            where = f"{panel['title']} {target['refId']}: {expression}"
            try:
                # The traffic before this leaves something in every panel, but for a bound per hit: one bound is
                # in force at a time, and it is per lookup.
                empty = target["expr"].find('reprise_risk_bound{per="hit"}') >= 0
                if (samples(address, expression) == 0) != empty:
                    wrong.append(f"{where}: {'samples' if empty else 'no sample'}")
            except ValueError as error:
                wrong.append(f"{where}: {error}")
    # A rule has samples only where something is wrong; it must parse, and Prometheus must be able to evaluate it.
    for group in prometheus(address, "rules")["groups"]:
        for rule in group["rules"]:
            asked += 1
            try:
                samples(address, rule["query"])
            except ValueError as error:
                wrong.append(f"{rule['name']}: {error}")
            if rule["health"] != "ok":
                wrong.append(f"{rule['name']} is {rule['health']}: {rule.get('lastError', '')}")
    print(f"   {asked} expressions")
    for line in wrong:
        print("  ", line)
    return asked > 20 and not wrong


def alert(address, name):
    return any(one["labels"]["alertname"] == name for one in prometheus(address, "alerts")["alerts"])


def up(address, count):
    targets = prometheus(address, "targets", state="active")["activeTargets"]
    return sum(1 for target in targets if target["health"] == "up") == int(count)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("traffic", "expressions", "alert", "up"):
        sys.exit(__doc__)
    try:
        well = globals()[sys.argv[1]](*sys.argv[2:])
    except OSError as error:
        sys.exit(f"{sys.argv[2]}: {error}")
    sys.exit(0 if well or well is None else 1)
