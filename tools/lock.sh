#!/usr/bin/env bash
# Write both Python locks anew: versions and hashes, no host. Needs pip-tools in the environment (pip install pip-tools).
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
         --no-header --no-annotate --no-strip-extras --allow-unsafe)
.venv/bin/pip-compile "${options[@]}" --extra dev --output-file requirements-dev.lock pyproject.toml
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
sed 's/ *\\$//; s/\[[^]]*\]//; /--hash/d' requirements-dev.lock >"$constraints"
.venv/bin/pip-compile "${options[@]}" --constraint "$constraints" --output-file requirements.lock pyproject.toml
