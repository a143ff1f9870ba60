#!/bin/sh
# Builds the unchanged Dockerfile and runs the image hardened, without a container engine on the machine:
# buildah and podman from Debian, and base images made here from Debian's packages and this machine's Node.
# Needs root on a Debian-like system. WORK keeps the base images and the layer cache.
set -u
ROOT=$(cd "$(dirname "$0")/.." && pwd)
WORK=${WORK:-/var/tmp/veza-image}
NAME=veza-image-test-$$
IMAGE=localhost/veza:test
PASSED=0
FAILED=0

finish() {
  podman rm -f -t 1 "$NAME" >/dev/null 2>&1
  podman volume rm -f "$NAME" >/dev/null 2>&1
  echo "$PASSED passed, $FAILED failed"
  [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
  exit $?
}

give_up() {
  echo "FAIL $1"
  FAILED=$((FAILED + 1))
  finish
}

# check SENTENCE COMMAND…: one counted assertion
check() {
  sentence=$1
  shift
  if "$@" >"$WORK/check.log" 2>&1; then
    echo "ok   $sentence"
    PASSED=$((PASSED + 1))
  else
    echo "FAIL $sentence"
    sed 's/^/    /' "$WORK/check.log"
    FAILED=$((FAILED + 1))
  fi
}

refused() { ! "$@"; }
equals() { echo "wanted '$1', got '$2'" && [ "$1" = "$2" ]; }

install_tools() {
  tools="buildah podman runc conmon catatonit netavark mmdebstrap ca-certificates"
  # shellcheck disable=SC2086
  dpkg -s $tools >/dev/null 2>&1 && return 0
  [ "$(id -u)" -eq 0 ] || return 1
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $tools >/dev/null
}

configure_tools() {
  # Limits may only be lowered here, so they are named; runc because crun needs another cgroup layout.
  cat >"$WORK/containers.conf" <<TEXT
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
TEXT
  cat >"$WORK/storage.conf" <<TEXT
[storage]
driver = "overlay"
graphroot = "$WORK/store"
runroot = "$WORK/run"
TEXT
  # The registry may be behind a certificate of the machine: mounted while building, never part of the image.
  echo "cafile=/etc/ssl/certs/ca-certificates.crt" >"$WORK/npmrc"
  export CONTAINERS_CONF="$WORK/containers.conf" CONTAINERS_STORAGE_CONF="$WORK/storage.conf"
}

has_image() { buildah inspect --type image "$1" >/dev/null 2>&1; }

make_debian() {
  has_image debian:bookworm-slim && return 0
  if [ ! -f "$WORK/debian.tar" ]; then
    mmdebstrap --variant=minbase --mode=root --include=ca-certificates bookworm "$WORK/debian.part.tar" || return 1
    mv "$WORK/debian.part.tar" "$WORK/debian.tar"
  fi
  box=$(buildah from scratch) || return 1
  buildah add -q "$box" "$WORK/debian.tar" / >/dev/null || return 1
  buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$box"
  buildah commit -q --rm "$box" debian:bookworm-slim >/dev/null
}

# What the official image holds, as far as the Dockerfile uses it: node, npm and the account with id 1000.
make_node() {
  has_image node:24-bookworm-slim && return 0
  [ -d "$WORK/npm/node_modules/npm" ] || npm install --prefix "$WORK/npm" --no-audit --no-fund --loglevel=error npm@11 || return 1
  box=$(buildah from --pull-never debian:bookworm-slim) || return 1
  buildah copy -q --chmod 755 "$box" "$(node -p process.execPath)" /usr/local/bin/node >/dev/null || return 1
  buildah copy -q "$box" "$WORK/npm/node_modules/npm" /usr/local/lib/node_modules/npm >/dev/null || return 1
  buildah run --isolation chroot "$box" -- sh -ec '
    ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
    ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
    groupadd --gid 1000 node
    useradd --uid 1000 --gid node --create-home --shell /bin/bash node' || return 1
  buildah config --cmd node --env NODE_VERSION="$(node -p process.versions.node)" "$box"
  buildah commit -q --rm "$box" node:24-bookworm-slim >/dev/null
}

build_image() {
  buildah bud -q --isolation chroot --pull-never --layers --format docker \
    -v /etc/ssl/certs:/etc/ssl/certs:ro -v "$WORK/npmrc:/usr/local/etc/npmrc:ro" -t "$IMAGE" "$ROOT"
}

start_image() {
  podman run -d --name "$NAME" --network host --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges --memory 512m --pids-limit 200 --health-interval disable \
    -e VEZA_HTTP_PORT="$HTTP_PORT" -e VEZA_RTMP_PORT="$RTMP_PORT" \
    -e VEZA_ICECAST_PORT="$ICECAST_PORT" -v "$NAME:/data" "$IMAGE"
}

wait_ready() {
  for _ in $(seq 150); do
    ready && return 0
    sleep 0.2
  done
  podman logs "$NAME"
  return 1
}

ready() {
  node -e "fetch('http://127.0.0.1:$HTTP_PORT/health/ready').then((r) => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))"
}

# The real pages, not only a server that answers: the shell names its built script, and the script is there.
serves_pages() {
  node -e "
    const base = 'http://127.0.0.1:$HTTP_PORT'
    const page = await (await fetch(base)).text()
    const script = await fetch(base + page.match(/src=\"([^\"]+\.js)\"/)[1])
    process.exit(script.ok && /javascript/.test(script.headers.get('content-type')) ? 0 : 1)" --input-type=module
}

# Publishes by the image's own ffmpeg until the container ends; the channel is live and has a picture made by ffmpeg.
goes_live() {
  key=$(inside veza stream-key create --channel image --json | sed -n 's/.*"key": "\(.*\)".*/\1/p')
  inside ffmpeg -v error -re -f lavfi -i testsrc=size=320x180:rate=15 -f lavfi -i sine -c:v libx264 -preset ultrafast \
    -g 30 -c:a aac -t 120 -f flv "rtmp://127.0.0.1:$RTMP_PORT/live/$key" &
  for _ in $(seq 30); do
    channels=$(node -e "process.stdout.write(await (await fetch('http://127.0.0.1:$HTTP_PORT/api/v1/live/channels')).text())" --input-type=module)
    case $channels in
      *'"status":"live"'*'"poster":"/'*) return 0 ;;
    esac
    sleep 1
  done
  echo "$channels"
  return 1
}

free_port() {
  node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })"
}

answers() { node -e "fetch('$1').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; }
ports_named() { of_image '{{range $port, $_ := .Config.ExposedPorts}}{{$port}} {{end}}' | sed 's/ $//'; }
of_image() { podman image inspect "$IMAGE" --format "$1"; }
of_run() { podman inspect "$NAME" --format "$1"; }
inside() { podman exec "$NAME" "$@"; }
status_line() { inside sh -c "grep '^$1:' /proc/1/status" | tr -s '\t ' ' '; }

[ "$(id -u)" -eq 0 ] || give_up "building an image needs root. Remedy: sudo npm run test:image"
mkdir -p "$WORK" && chmod 755 "$WORK"
. "$ROOT/deploy/node.sh"
use_node || give_up "no fitting Node"
install_tools || give_up "tools are missing. Remedy: apt-get install -y --no-install-recommends $tools"
configure_tools
base() {
  "$1" >"$WORK/base.log" 2>&1 && return 0
  sed 's/^/    /' "$WORK/base.log"
  return 1
}
base make_debian || give_up "the Debian base image could not be made"
base make_node || give_up "the Node base image could not be made"
check "the unchanged Dockerfile builds" build_image
[ "$FAILED" -eq 0 ] || finish

HTTP_PORT=$(free_port)
RTMP_PORT=$(free_port)
ICECAST_PORT=$(free_port)
check "the image names account 1000" equals 1000 "$(of_image '{{.Config.User}}')"
check "the image starts veza" equals "[veza start]" "$(of_image '{{.Config.Cmd}}')"
check "the image has a health check" refused equals "<nil>" "$(of_image '{{.Config.Healthcheck}}')"
check "the image starts read-only, without capabilities" start_image
check "a first start on an empty volume gets ready" wait_ready
check "the health check of the image passes" podman healthcheck run "$NAME"
check "the process runs as account 1000" equals "Uid: 1000 1000 1000 1000" "$(status_line Uid)"
check "the process has no capabilities" equals "CapEff: 0000000000000000" "$(status_line CapEff)"
check "the process cannot gain privileges" equals "NoNewPrivs: 1" "$(status_line NoNewPrivs)"
check "the file system is read-only" refused inside touch /app/x
check "the data volume can be written" inside sh -c 'touch /data/.probe && rm /data/.probe'
check "the built pages are served" serves_pages
check "Icecast sources are answered" answers "http://127.0.0.1:$ICECAST_PORT/status-json.xsl"
check "every port that is opened is named by the image" equals "1935/tcp 8000/tcp 8080/tcp" "$(ports_named)"
check "a stream published by the image's own ffmpeg is live and has a poster" goes_live
check "packages that only build are not in the image" refused inside ls /app/node_modules/typescript
check "sources and tests are not in the image" refused inside ls /app/server
check "no certificate setting of the machine is left in the image" inside sh -c '! [ -s /usr/local/etc/npmrc ]'
podman stop -t 15 "$NAME" >/dev/null 2>&1
check "SIGTERM ends it with 0, a stream being on air" equals 0 "$(of_run '{{.State.ExitCode}}')"
podman logs "$NAME" >"$WORK/last-run.log" 2>&1
podman rm -f "$NAME" >/dev/null 2>&1
check "it starts again on the same volume" start_image
check "the second start gets ready" wait_ready
podman stop -t 15 "$NAME" >/dev/null 2>&1
check "SIGTERM ends the second run with 0" equals 0 "$(of_run '{{.State.ExitCode}}')"
finish
