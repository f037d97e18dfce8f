"""Gives Milvus' user root its first password, unless root has one already."""

import json
import os
import subprocess
import sys
import time

import bcrypt

KEY = "by-dev/meta/root-coord/credential/users/root"
ATTEMPTS = 30


def etcdctl(*arguments: str) -> str:
    """Runs etcdctl; etcd may still be starting, or be restarting, so failures are tried again for a while."""
    endpoint = "--endpoints=" + os.environ["ETCD_ENDPOINTS"]
    for attempt in range(ATTEMPTS):
        done = subprocess.run(
            ["etcdctl", endpoint, "--command-timeout=5s", *arguments], capture_output=True, text=True
        )
        if done.returncode == 0:
            return done.stdout
        time.sleep(1)
    sys.exit("etcd did not answer: " + done.stderr.strip())


password = os.environ.get("COMMON_SECURITY_DEFAULTROOTPASSWORD", "")
if password and not etcdctl("get", "--keys-only", KEY).strip():
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=4)).decode()
    etcdctl("put", KEY, json.dumps({"encrypted_password": hashed}))
