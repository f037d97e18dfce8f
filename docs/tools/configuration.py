#!/usr/bin/env python3
"""Writes the tables of docs/configuration.md from the sources.

usage: docs/tools/configuration.py [--check]

Library options come from the builders' Javadoc, those of Spring Boot from the Javadoc of RepriseProperties, those of Quarkus from the Javadoc of RepriseConfig, gateway options from docker/reprise.yaml, whose keys
a test holds against the command line. With --check nothing is written; the status is 1 where the
document is not what this script would write.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "configuration.md"
BEGIN = "<!-- written by docs/tools/configuration.py -->"
END = "<!-- end of what docs/tools/configuration.py wrote -->"

BUILDERS = [
    ("CacheEngine.builder()", "the engine; also `EmbeddedCache.builder()`", ["CacheEngineBuilder", "CacheEngine"]),
    ("CachePolicy.builder()", "what is cached, and for how long", ["UseCasePolicy"]),
    ("CachingChatModel.builder(...)", "also `CachingStreamingChatModel`", ["CachingModelBuilder"]),
    ("CachingChain.builder(...)", "a whole chain", ["CachingChain"]),
    ("CachingChatModel.builder(...) of Spring AI", "also `RepriseAdvisor`", ["CachingBuilder"]),
    ("CaffeineExactTier.builder()", "exact answers in memory", ["CaffeineExactTier"]),
    ("HnswSemanticTier.builder(...)", "vectors in memory", ["HnswSemanticTier"]),
    ("DataDirectory.builder(directory)", "a cache that outlives its process", ["DataDirectory"]),
    ("RedisExactTier.builder(url)", "exact answers on Redis", ["RedisExactTier"]),
    ("MilvusSemanticTier.builder(...)", "vectors on Milvus", ["MilvusSemanticTier"]),
    ("MilvusStorage.builder()", "how a collection on Milvus is stored", ["MilvusStorage"]),
    ("VerifiedMatcher.builder(verifier)", "the verified matcher", ["VerifiedMatcher"]),
    ("ChatModelVerifier.builder(model, first)", "a model that verifies uncertain pairs", ["ChatModelVerifier"]),
    ("LangChain4jEmbedder.builder(model)", "an embedding model of LangChain4j", ["LangChain4jEmbedder"]),
]

OPTION = re.compile(
    r"/\*\*(?P<doc>(?:(?!\*/).)*?)\*/\s*(?:@\w+(?:\([^)]*\))?\s*)*"
    r"(?:public )?(?:final )?(?:Builder(?:<\w+>)?|B|CacheEngineBuilder|CacheEngine\.Builder) (?P<name>\w+)\((?P<args>[^)]*)\)",
    re.S,
)


def source(name):
    found = sorted(ROOT.glob(f"*/src/main/java/**/{name}.java"))
    return found[0].read_text(encoding="utf8") if found else None


def constants():
    """Returns DEFAULT_ constants by class and name, as they are written."""
    values = {}
    for file in ROOT.glob("*/src/main/java/**/*.java"):
        text = file.read_text(encoding="utf8")
        for match in re.finditer(r"\b(\w+) = ([^;]+);", text):
            if match.group(1).isupper() or match.group(1).startswith("DEFAULT_"):
                values[(file.stem, match.group(1))] = " ".join(match.group(2).split())
    return values


UNITS = {"Millis": "ms", "Seconds": "s", "Minutes": "min", "Hours": "h", "Days": "days"}


def readable(value):
    """Returns a constant as people write it: a duration, a size, the name of an enum's constant."""
    value = re.sub(r"Duration\.of(Millis|Seconds|Minutes|Hours|Days)\((\d+)\)",
                   lambda m: f"{m.group(2)} {UNITS[m.group(1)]}", value)
    value = re.sub(r"\b1 days\b", "1 day", value)
    if re.fullmatch(r"[A-Z]\w*\.[A-Z_0-9]+", value):
        return value.split(".")[1]
    quoted = re.fullmatch(r'(?:new \w+\()?"([^"]*)"\)?', value)
    if quoted:
        return f"`{quoted.group(1)}`"
    value = value.replace("_", "")
    size = re.fullmatch(r"(\d+)L?((?: \* 1024)+)", value)
    if size:
        return f"{size.group(1)} {['KiB', 'MiB', 'GiB'][size.group(2).count('1024') - 1]}"
    shift = re.fullmatch(r"(\d+)L? << (\d+)", value)
    value = str(int(shift.group(1)) << int(shift.group(2))) if shift else value
    return f"{int(value):,}" if re.fullmatch(r"\d{5,}", value) else value


def plain(doc, owner, values):
    doc = re.sub(r"^\s*\* ?", "", doc, flags=re.M)
    doc = re.sub(r"\{@[^}]*\}", lambda m: " ".join(m.group(0).split()), doc)

    def constant(match):
        target = match.group(1)
        type_, _, name = target.rpartition("#")
        value = values.get((type_ or owner, name)) or values.get((owner, name))
        return readable(value) if value else f"`{name}`"

    doc = re.sub(r"\{@link(?:plain)? ([\w.]*#[A-Z][A-Z_0-9]+)\}", constant, doc)
    doc = re.sub(r"\{@value ([\w.]*#[A-Z][A-Z_0-9]+)\}", constant, doc)
    doc = re.sub(r"\{@link(?:plain)? [\w.#]+(?:\([^)]*\))? ([^}]+)\}", r"\1", doc)
    doc = re.sub(r"\{@link(?:plain)? ([\w.]*)#?(\w*)(?:\([^)]*\))?\}",
                 lambda m: "`" + (m.group(1).split(".")[-1] + ("." if m.group(1) and m.group(2) else "") + m.group(2)) + "`", doc)
    doc = re.sub(r"\{@(?:code|value) ?([^}]*)\}", r"`\1`", doc)
    params = re.findall(r"@param \w+ (.*?)(?=\n\s*@|\Z)", doc, flags=re.S)
    body = doc.split("\n@")[0]
    body = re.split(r"@(?:param|throws|return)", body)[0]
    body = re.sub(r"<[^>]+>", "", " ".join(body.split()))
    ranges = [" ".join(p.split()) for p in params if re.search(r"\bfrom\b|\bat least\b|\bat most\b|\bto\b", p)]
    if ranges:
        body += " Range: " + "; ".join(ranges) + "."
    return body.replace("|", "\\|").replace("..", ".")


def library(values):
    lines = []
    for title, what, classes in BUILDERS:
        rows = []
        for name in classes:
            text = source(name)
            if text is None:
                continue
            begin = text.find("class Builder")
            text = text[begin:] if begin > 0 else text
            for match in OPTION.finditer(text):
                if match.group("name") in ("builder", "self"):
                    continue
                rows.append((match.group("name"), plain(match.group("doc"), name, values)))
        lines += [f"### `{title}`: {what}", "", "| Option | What it does |", "| --- | --- |"]
        lines += [f"| `{name}` | {doc} |" for name, doc in rows] + [""]
    return lines


RECORD = re.compile(r"/\*\*(?P<doc>(?:(?!\*/).)*?)\*/\s*(?:@\w+(?:\([^)]*\))?\s*)*record (?P<name>\w+)\(", re.S)


def kebab(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "-" + m.group(1).lower(), name)


def components(text, begin):
    """Returns the names of a record's components, whose list begins at begin."""
    depth, end = 1, begin
    while depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return re.findall(r"(\w+)\s*(?:,|$)", re.sub(r"\([^)]*\)|<[^>]*>", "", text[begin:end - 1]))


def spring():
    text = source("RepriseProperties")
    lines = ["| Property | What it does |", "| --- | --- |"]
    for match in RECORD.finditer(text):
        name = match.group("name")
        prefix = "reprise." if name == "RepriseProperties" else f"reprise.{kebab(name[0].lower() + name[1:])}."
        doc = re.sub(r"^\s*\* ?", "", match.group("doc"), flags=re.M)
        docs = dict(re.findall(r"@param (\w+) (.*?)(?=\n\s*@|\Z)", doc, flags=re.S))
        for component in components(text, match.end()):
            if component in docs:
                what = " ".join(docs[component].split()).replace("|", "\\|").replace("*", "\\*")
                lines.append(f"| `{prefix}{kebab(component)}` | {what} |")
    return lines + [""]


SETTING = re.compile(
    r"/\*\*(?P<doc>(?:(?!\*/).)*?)\*/\s*(?P<annotations>(?:@\w+(?:\([^)]*\))?\s*)*)(?P<type>\w+(?:<[^;{}]*>)?) (?P<name>\w+)\(\);", re.S)


def quarkus():
    lines = ["| Property | What it does |", "| --- | --- |"]
    folder = ROOT / "cache-quarkus/runtime/src/main/java/dev/reprise/quarkus/runtime"
    for name, note in (("RepriseConfig", ""), ("RepriseBuildConfig", " Fixed at build time.")):
        groups = re.split(r"\binterface (\w+) \{", (folder / f"{name}.java").read_text(encoding="utf8"))
        prefixes = {name: ""}
        for group, text in zip(groups[1::2], groups[2::2]):
            for match in SETTING.finditer(text):
                if match.group("type") in groups[1::2]:
                    prefixes[match.group("type")] = kebab(match.group("name")) + "."
                    continue
                annotations = match.group("annotations")
                key = re.search(r'@WithName\("([^"]+)"\)', annotations)
                key = key.group(1) if key else kebab(match.group("name"))
                key += ".NAME" if match.group("type").startswith("Map<") else ""
                default = re.search(r'@WithDefault\("([^"]+)"\)', annotations)
                # plain() takes it for a tag.
                what = plain(match.group("doc").replace("<default>", "DEFAULT_MODEL"), name, {}).replace("DEFAULT_MODEL", "<default>")
                what += f" Default: `{default.group(1)}`." if default and "Default:" not in what else ""
                lines.append(f"| `quarkus.reprise.{prefixes[group]}{key}` | {what}{note} |")
    return lines + [""]


def gateway():
    lines = ["| Key | Example or default | What it is |", "| --- | --- | --- |"]
    prefix = ""
    for line in (ROOT / "docker" / "reprise.yaml").read_text(encoding="utf8").split("\n"):
        if line.startswith("policy:"):
            prefix = "policy."
            continue
        match = re.match(r"(?:#|  #)? ?([a-z][a-z-]*): (.*?)(?:  +# (.*))?$", line.strip() if prefix else line)
        if not match or line.startswith("# A ") or line.startswith("#   "):
            continue
        value, comment = match.group(2).strip(), match.group(3) or ""
        lines.append(f"| `{prefix}{match.group(1)}` | `{value or ' '}` | {comment} |".replace("`\"\"`", "none"))
    return lines + [""]


def main(arguments):
    values = constants()
    written = [BEGIN, "", "## Library", ""] + library(values) + ["## Spring Boot", ""]
    written += [
        "The properties of `reprise-spring-boot-starter`. [Getting started](getting-started-spring.md) shows them at work.",
        "",
    ] + spring() + ["## Quarkus", ""]
    written += [
        "The properties of `reprise-quarkus`. [Getting started](getting-started-quarkus.md) shows them at work.",
        "",
    ] + quarkus() + ["## Gateway", ""]
    written += [
        "Every key is also a flag and a variable: `max-body-bytes:`, `--max-body-bytes`, `REPRISE_MAX_BODY_BYTES`.",
        "Precedence: flag, variable, file, default. `./reprise serve --print-config` shows what is in force.",
        "",
    ] + gateway() + [END]
    text = DOCUMENT.read_text(encoding="utf8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    fresh = head + "\n".join(written) + tail
    if fresh == text:
        return 0
    if "--check" in arguments:
        print("docs/configuration.md is not what the sources say; run docs/tools/configuration.py", file=sys.stderr)
        return 1
    DOCUMENT.write_text(fresh, encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
