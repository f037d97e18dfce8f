"""Lays the server of the PyPI package "milvus" out as the official image does: unpack.py SITE ROOT"""

import lzma
import os
import pathlib
import shutil
import sys

site, root = (pathlib.Path(argument) for argument in sys.argv[1:3])
sys.path.insert(0, str(site))
import milvus  # noqa: E402  (the package under SITE)

binaries = root / "bin"
binaries.mkdir(parents=True)
for packed in (site / "milvus" / "data" / "bin").glob("*.lzma"):
    target = binaries / packed.stem
    with lzma.open(packed) as source, open(target, "wb") as sink:
        shutil.copyfileobj(source, sink)
    os.chmod(target, 0o755)

# The package's own code fills its template in; the data lives where the official image keeps it.
config = milvus.MilvusServerConfig(data_dir="/var/lib/milvus")
config.resolve()
shutil.copytree("/var/lib/milvus/configs", root / "configs")
shutil.rmtree("/var/lib/milvus")
os.makedirs("/var/lib/milvus")
