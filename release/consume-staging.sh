#!/usr/bin/env bash
# Builds and runs the class-path consumer of consumer-tests against target/staging: with a local repository of its own and no
# reactor, so that Reprise can come from the staged artifacts only, flattened poms included.
# Fill target/staging before: ./mvnw -Prelease -DskipTests verify
# usage: release/consume-staging.sh [MAVEN_OPTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."

staging=$PWD/target/staging
[ -d "$staging/dev/reprise" ] || { echo "consume-staging: run ./mvnw -Prelease -DskipTests verify first" >&2; exit 1; }
work=$PWD/target/staging-consumer
rm -rf "$work"
mkdir -p "$work"
cp -R consumer-tests/src/it/class-path "$work/project"

# Value of a property of consumer-tests/pom.xml.
property() { sed -n "s|^ *<$1>\\(.*\\)</$1>.*|\\1|p" consumer-tests/pom.xml | head -n 1; }
version=$(property version)
for name in compiler-plugin.version resources-plugin.version exec-plugin.version; do
  sed -i "s|@$name@|$(property "$name")|" "$work/project/pom.xml"
done
sed -i "s|@project.version@|$version|" "$work/project/pom.xml"

cat >"$work/settings.xml" <<EOF
<settings>
  <profiles>
    <profile>
      <id>staging</id>
      <activation><activeByDefault>true</activeByDefault></activation>
      <repositories>
        <repository>
          <id>staging</id>
          <url>file://$staging</url>
          <snapshots><enabled>true</enabled></snapshots>
        </repository>
      </repositories>
    </profile>
  </profiles>
</settings>
EOF

./mvnw -q -B -ntp -s "$work/settings.xml" -Dmaven.repo.local="$work/repository" -f "$work/project/pom.xml" "$@" \
  process-classes exec:exec@run | tee "$work/output.txt"
grep -q '^semantic hit$' "$work/output.txt" || { echo "consume-staging: there was no semantic hit" >&2; exit 1; }
