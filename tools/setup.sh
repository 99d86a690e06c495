#!/bin/sh
# Install what is missing: system libraries by apt-get or brew, and a .venv with pinned packages.
#
#   sh tools/setup.sh run    what building a bulletin needs
#   sh tools/setup.sh test   that, and what the tests need
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else
        echo "setup: please run as root: $*" >&2
        exit 1
    fi
}

debian_packages() {
    echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    # Postfix and Dovecot take the mail, Chromium shows it; PHP serves the page on which readers unsubscribe. LibreOffice and pandoc write documents. Poppler looks at pages, Ghostscript at plates; veraPDF needs Java and JAXB; another day is faked.
    [ "$purpose" = test ] && echo poppler-utils ghostscript default-jre-headless libjaxb-java \
        libjaxb-api-java libactivation-java faketime \
        postfix dovecot-imapd dovecot-lmtpd chromium chromium-driver php-cli libreoffice-writer-nogui pandoc
    "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

install_debian() {
    missing=
    for package in $(debian_packages); do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' \
            || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    echo "setup: installing$missing" >&2
    # Debian would make this machine a mail server; the tests bring a configuration of their own.
    case "$missing" in *" postfix"*)
        echo "postfix postfix/main_mailer_type select No configuration" \
            | as_root debconf-set-selections ;;
    esac
    as_root apt-get update -qq
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

install_brew() {
    brew list pango >/dev/null 2>&1 || brew install pango >&2
    [ "$purpose" = run ] || brew list poppler >/dev/null 2>&1 || brew install poppler ghostscript openjdk >&2
}

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c \
            'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "setup: Python 3.11 or newer is needed" >&2
    exit 1
}

python=$(find_python)
if command -v apt-get >/dev/null 2>&1; then install_debian
elif command -v brew >/dev/null 2>&1; then install_brew
else echo "setup: install Pango, and Poppler for the tests, with your package manager" >&2
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
lock=requirements.txt
[ "$purpose" = run ] || lock=requirements-dev.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable . >&2
.venv/bin/python -m compileall -q src  # so that the first command is as quick as the next
touch .venv/ready
[ "$purpose" = run ] || touch .venv/ready-dev
