"""Checks files against what reads them: kubernetes FILE, compose FILE, workflow FILE or nginx FILE, in any number."""

import subprocess
import sys

import crossplane
import kubernetes_validate
import yaml

KUBERNETES = "1.34"
SCHEMAS = {"compose": "vendor.compose-spec", "workflow": "vendor.github-workflows"}


def kubernetes(file):
    with open(file, encoding="utf-8") as stream:
        resources = [resource for resource in yaml.safe_load_all(stream) if resource]
    for resource in resources:
        try:
            kubernetes_validate.validate(resource, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(part) for part in error.path)
            yield f"{resource.get('kind')}: {path}: {error.message}"


def schema(name, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[name], file]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        yield run.stdout + run.stderr


def nginx(file):
    # What it includes lies beside it in the image.
    for error in crossplane.parse(file, strict=True, single=True)["errors"]:
        yield str(error["error"])


failed = False
for kind, name in zip(sys.argv[1::2], sys.argv[2::2]):
    found = {"kubernetes": kubernetes, "nginx": nginx}.get(kind, lambda f, k=kind: schema(k, f))(name)
    for fault in found:
        failed = True
        print(f"{name}: {fault}")
sys.exit(1 if failed else 0)
