"""Fetches the headless Chromium that the npm package @sparticuz/chromium carries, and unpacks it.

Runs once in the new virtual environment, which has Node and npm from the wheel; its argument is the folder.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tarfile

PACKAGE = "@sparticuz/chromium@153.0.0"
# The package is verified by npm itself against the registry's checksum; this one is ours.
SHA512 = "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34efc41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
const [from, to] = process.argv.slice(1);
fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to));
"""
# Libraries and fonts come along, for machines that have none.
RUN = """#!/bin/sh
home={home}
export LD_LIBRARY_PATH="$home/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
export FONTCONFIG_PATH="${{FONTCONFIG_PATH:-$home/fonts}}"
exec "$home/chromium" "$@"
"""


def main(folder: pathlib.Path) -> None:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path}
    home = folder / "chromium"
    home.mkdir()
    subprocess.run(
        [folder / "bin" / "npm", "pack", PACKAGE, "--silent", "--pack-destination", str(home)],
        check=True, env=environment, cwd=home,
    )
    (archive,) = home.glob("*.tgz")
    digest = hashlib.sha512(archive.read_bytes()).hexdigest()
    if digest != SHA512:
        raise SystemExit(f"{archive} has the SHA-512 {digest}, but {SHA512} is expected")
    with tarfile.open(archive) as package:
        for name in ("chromium", "al2023.tar", "swiftshader.tar", "fonts.tar"):
            packed = home / f"{name}.br"
            packed.write_bytes(package.extractfile(f"package/bin/{name}.br").read())
            subprocess.run(
                [folder / "bin" / "node", "-e", UNPACK, str(packed), str(home / name)],
                check=True, env=environment,
            )
            packed.unlink()
            if name.endswith(".tar"):
                with tarfile.open(home / name) as part:
                    part.extractall(home)
                (home / name).unlink()
    archive.unlink()
    (home / "chromium").chmod(0o755)
    run = home / "run"
    run.write_text(RUN.format(home=home))
    run.chmod(0o755)


main(pathlib.Path(sys.argv[1]))
