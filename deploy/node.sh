# Sourced by install.sh and test/run, which set ROOT. Puts a Node that Veza runs on first on the PATH:
# the one that is there, the one in .tools/node, or a fresh one from the package registry.

node_fits() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 14) ? 0 : 1)' 2>/dev/null
}

use_node() {
  if command -v node >/dev/null 2>&1 && node_fits node; then return 0; fi
  node_tools=$ROOT/.tools/node
  node_bin=$node_tools/node_modules/node/bin
  if ! { [ -x "$node_bin/node" ] && node_fits "$node_bin/node"; }; then
    fetch_node || return 1
  fi
  PATH=$node_bin:$PATH
  export PATH
}

# Its preinstall script fetches the binary for this machine, so scripts must be allowed for it.
fetch_node() {
  if ! command -v npm >/dev/null 2>&1; then
    echo "npm is missing. Install it first: apt-get install -y npm" >&2
    return 1
  fi
  echo "Fetching Node 24 into .tools/node" >&2
  for attempt in 1 2 3; do
    rm -rf "$node_tools"
    mkdir -p "$node_tools"
    echo '{ "private": true, "allowScripts": { "node": true } }' >"$node_tools/package.json"
    (cd "$node_tools" && npm install --prefix "$node_tools" --no-audit --no-fund --loglevel=error --ignore-scripts=false node@24 >&2) || true
    if [ -x "$node_bin/node" ] && node_fits "$node_bin/node"; then return 0; fi
    echo "Attempt $attempt to fetch Node failed" >&2
    sleep 2
  done
  echo "Node 22.14 or newer is needed and could not be fetched. Install it, then run this again." >&2
  return 1
}

# Installs the packages of the lock file when they are missing or older than it. No package here needs its install
# script, and older npm would start a compiler for better-sqlite3, which brings its binaries along.
use_packages() {
  if [ -f "$ROOT/node_modules/.package-lock.json" ] &&
    [ -z "$(find "$ROOT/package-lock.json" -newer "$ROOT/node_modules/.package-lock.json")" ]; then
    return 0
  fi
  echo "Installing the packages of package-lock.json" >&2
  for attempt in 1 2 3; do
    if (cd "$ROOT" && NODE_NO_WARNINGS=1 npm ci --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error >&2); then return 0; fi
    echo "Attempt $attempt of npm ci failed" >&2
    sleep 2
  done
  echo "The packages could not be installed; see the lines above." >&2
  return 1
}
