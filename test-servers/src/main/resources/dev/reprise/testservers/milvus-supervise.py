"""Runs a Milvus server as a child, and kills it when standard input ends: when the JVM that started it is gone.

usage: milvus-supervise.py standalone INSTALL DATA KEY=PORT...
       milvus-supervise.py lite DATA PORT
"""

import os
import shutil
import subprocess
import sys
import threading


def standalone(install, data, ports):
    """Writes the configuration of Milvus and of its etcd, with every port set, and returns command and environment."""
    import milvus

    config = milvus.MilvusServerConfig(data_dir=data)
    config.resolve_storage()
    for key, port in ports.items():
        if key in config.configurable_items:
            config.set(key, port)
    config.set("etcd_log_level", "warn")
    config.write_config()

    # The wheel's own settings name the address where Milvus looks for etcd, not the one where the etcd inside it listens.
    client = "http://127.0.0.1:%d" % ports["etcd_port"]
    peer = "http://127.0.0.1:%d" % ports["etcd_peer_port"]
    etcd = os.path.join(data, "configs", "etcd.yaml")
    with open(etcd, "w", encoding="utf-8") as out:
        out.write("listen-client-urls: %s\nadvertise-client-urls: %s\n" % (client, client))
        out.write("listen-peer-urls: %s\ninitial-advertise-peer-urls: %s\n" % (peer, peer))
        out.write("initial-cluster: default=%s\n" % peer)

    binaries = os.path.join(install, "bin")
    environment = dict(
        os.environ,
        DEPLOY_MODE="STANDALONE",
        ETCD_CONFIG_PATH=etcd,
        LD_LIBRARY_PATH=binaries,
        METRICS_PORT=str(ports["metrics_port"]),
        MILVUSCONF=os.path.join(data, "configs"),
        MILVUS_RUN_DIR=os.path.join(data, "run"),
        # A killed server's lease keeps its successor waiting for as long.
        COMMON_SESSION_TTL="3",
    )
    return [os.path.join(binaries, "milvus"), "run", "standalone"], environment


def lite(data, port):
    command = [os.path.join(os.path.dirname(sys.executable), "milvus-lite"), "server"]
    command += ["--data-dir", os.path.join(data, "lite"), "--host", "127.0.0.1", "--port", port]
    return command, dict(os.environ)


def main():
    if sys.argv[1] == "standalone":
        data = sys.argv[3]
        ports = {key: int(port) for key, port in (argument.split("=") for argument in sys.argv[4:])}
        command, environment = standalone(sys.argv[2], data, ports)
    else:
        data = sys.argv[2]
        command, environment = lite(data, sys.argv[3])

    child = subprocess.Popen(command, env=environment, cwd=data, stdin=subprocess.DEVNULL)
    orphaned = threading.Event()

    def watch():
        sys.stdin.buffer.read()
        orphaned.set()
        child.kill()

    threading.Thread(target=watch, daemon=True).start()
    status = child.wait()
    if orphaned.is_set():
        shutil.rmtree(data, ignore_errors=True)
    sys.exit(status)


main()
