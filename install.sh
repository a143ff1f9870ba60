#!/bin/sh
# Installs Veza from this checkout and starts it. Safe to run again. ./install.sh --help lists the options.
set -eu
ROOT=$(cd "$(dirname "$0")" && pwd)
BEGIN=$(date +%s)
MARK="# Veza command, written by install.sh"
START=yes
ASK=yes
SERVICE=no
DATA=${VEZA_DATA:-}

usage() {
  cat <<'TEXT'
Usage: ./install.sh [options]
  --no-start    install, but do not start the server
  --yes         never ask (also the case without a terminal)
  --data DIR    data folder (root: /var/lib/veza, others: ~/.local/share/veza)
  --service     run as a systemd service instead of in the foreground
TEXT
}

stop() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

say() {
  echo "[$(($(date +%s) - BEGIN)) s] $1"
}

while [ $# -gt 0 ]; do
  case $1 in
    --no-start) START=no ;;
    --yes | -y) ASK=no ;;
    --service) SERVICE=yes ;;
    --data)
      [ $# -ge 2 ] || stop "--data needs a folder" 2
      DATA=$2
      shift
      ;;
    --data=*) DATA=${1#--data=} ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      stop "unknown option $1" 2
      ;;
  esac
  shift
done
[ -t 0 ] && [ -t 1 ] || ASK=no

if [ "$(id -u)" -eq 0 ]; then AS_ROOT=yes; else AS_ROOT=no; fi
if [ $AS_ROOT = yes ]; then
  BIN=/usr/local/bin
  DATA=${DATA:-/var/lib/veza}
else
  [ -n "${HOME:-}" ] || stop "HOME is not set"
  BIN=$HOME/.local/bin
  DATA=${DATA:-$HOME/.local/share/veza}
fi
case $DATA in
  /*) ;;
  *) DATA=$(pwd)/$DATA ;;
esac
# These paths are written into a script and a unit file, where a quote or a line break would end the value.
case $ROOT$DATA in
  *[\'\"\$\`\\%]* | *'
'*) stop "the paths of the checkout and of the data folder may not contain quotes, \$, %, backslashes or line breaks" ;;
esac

# Whether this may install packages: as root, by sudo without a password, or by sudo after a yes on the terminal.
may_install() {
  SUDO=
  [ $AS_ROOT = no ] || return 0
  command -v sudo >/dev/null 2>&1 || return 1
  SUDO=sudo
  if sudo -n true 2>/dev/null; then return 0; fi
  [ $ASK = yes ] || return 1
  printf 'Install %s by sudo? [Y/n] ' "$1"
  read -r answer
  case $answer in
    n* | N*) return 1 ;;
  esac
}

# What apt says is shown only where it failed.
apt_install() {
  told=$($SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" 2>&1) && return 0
  told=$($SUDO apt-get update -qq 2>&1 &&
    $SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" 2>&1) && return 0
  echo "$told" >&2
}

install_ffmpeg() {
  if command -v ffmpeg >/dev/null 2>&1; then
    say "ffmpeg is there"
    return
  fi
  if command -v apt-get >/dev/null 2>&1 && may_install ffmpeg; then
    say "Installing ffmpeg"
    apt_install ffmpeg
  fi
  command -v ffmpeg >/dev/null 2>&1 ||
    say "ffmpeg is not installed; streams work, posters and audio levels do not. Remedy: sudo apt-get install -y ffmpeg"
}

# The pages are built last: what is newer than they are was not built yet.
build() {
  pages=$ROOT/dist/web/index.html
  if [ -f "$pages" ] && (
    cd "$ROOT"
    [ -z "$(find cli server plugins web migrations build.mjs package.json package-lock.json tsconfig.json -newer "$pages")" ]
  ); then
    say "What is built is current"
    return
  fi
  say "Building"
  node "$ROOT/build.mjs"
}

install_command() {
  mkdir -p "$BIN"
  if [ -e "$BIN/veza" ] && ! grep -q "$MARK" "$BIN/veza" 2>/dev/null; then
    stop "$BIN/veza is there and is not ours. Remedy: move it away and run this again"
  fi
  NODE=$(command -v node)
  cat >"$BIN/veza.new" <<TEXT
#!/bin/sh
$MARK
: "\${VEZA_DATA:=$DATA}"
export VEZA_DATA
exec "$NODE" "$ROOT/dist/cli/main.js" "\$@"
TEXT
  chmod 755 "$BIN/veza.new"
  mv "$BIN/veza.new" "$BIN/veza"
  say "The command is $BIN/veza"
  case ":$ORIGINAL_PATH:" in
    *":$BIN:"*) ;;
    *) say "It is not on your PATH yet. Remedy: echo 'export PATH=\"$BIN:\$PATH\"' >> ~/.profile, then sign in again" ;;
  esac
}

init_data() {
  if [ -f "$DATA/config.yaml" ]; then
    say "The data folder $DATA is there"
    return
  fi
  say "Setting up the data folder $DATA"
  "$BIN/veza" init --yes --data "$DATA"
}

write_unit() {
  sed -e "s|@NODE@|$(command -v node)|g" -e "s|@ROOT@|$ROOT|g" -e "s|@DATA@|$DATA|g" -e "s|@USER@|$1|g" \
    "$ROOT/deploy/veza.service"
}

install_service() {
  if [ $AS_ROOT = no ] || [ ! -d /run/systemd/system ]; then
    write_unit "$(id -un)" >"$DATA/veza.service"
    say "The unit is $DATA/veza.service. To run it:"
    echo "    sudo cp $DATA/veza.service /etc/systemd/system/ && sudo systemctl daemon-reload && sudo systemctl enable --now veza"
    return
  fi
  id veza >/dev/null 2>&1 || useradd --system --home-dir "$DATA" --shell /usr/sbin/nologin veza
  runuser -u veza -- "$(command -v node)" "$ROOT/dist/cli/main.js" --version >/dev/null 2>&1 ||
    stop "the account veza cannot run $(command -v node) or read $ROOT. Remedy: clone into /opt/veza and run install.sh there"
  chown -R veza: "$DATA"
  write_unit veza >/etc/systemd/system/veza.service
  systemctl daemon-reload
  systemctl enable veza >/dev/null 2>&1
  if [ $START = yes ]; then systemctl restart veza; fi
  say "The service veza is installed. See it: systemctl status veza, journalctl -u veza"
}

ORIGINAL_PATH=$PATH
. "$ROOT/deploy/node.sh"
say "Looking for Node 22.14 or newer"
use_node || exit 1
say "Node is $(node --version), $(command -v node)"
install_ffmpeg
use_packages || exit 1
build || exit 1
install_command
init_data
if [ $SERVICE = yes ]; then
  install_service
  say "Installed in $(($(date +%s) - BEGIN)) s"
  exit 0
fi
say "Installed in $(($(date +%s) - BEGIN)) s"
if [ $START = no ]; then
  echo "Start it: $BIN/veza start --data $DATA"
  exit 0
fi
if "$BIN/veza" status --json --data "$DATA" >/dev/null 2>&1; then
  echo "A server already runs on $DATA. To run what is installed now: $BIN/veza stop --data $DATA, then this again"
  exit 0
fi
exec "$BIN/veza" start --data "$DATA"
