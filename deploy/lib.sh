# Shared by the scripts beside it: finding the toolchain and the system packages.
# shellcheck shell=bash

# Exit codes: 69 something is missing that only a person can provide.
say() { printf '%s\n' "$*" >&2; }

require_swift() {
    if ! command -v swift >/dev/null; then
        say "hpcoord needs a Swift toolchain, version 6.2 or newer, and there is none on PATH."
        say "Install one (https://www.swift.org/install/linux/), for example with swiftly:"
        say "    curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz"
        say "    tar zxf swiftly-\$(uname -m).tar.gz && ./swiftly init"
        say "Then run this script again."
        exit 69
    fi
    local version
    version=$(swift --version 2>/dev/null |
        sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    local older
    older=$(printf '%s\n6.2\n' "${version:-6.2}" | sort -V | head -n 1)
    if [ "$older" != 6.2 ]; then
        say "hpcoord needs Swift 6.2 or newer; this is Swift $version."
        say "Install a newer toolchain: https://www.swift.org/install/linux/"
        exit 69
    fi
}

# The Debian packages that are missing, by the header that each brings.
missing_packages() {
    local package header
    while read -r package header; do
        [ -e "/usr/include/$header" ] || printf '%s ' "$package"
    done <<'PACKAGES'
libzmq3-dev zmq.h
libsodium-dev sodium.h
libsqlite3-dev sqlite3.h
zlib1g-dev zlib.h
PACKAGES
}

install_packages() {
    local missing
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "These libraries are missing, with their headers: $missing"
        say "Install your system's packages of them, then run this script again."
        exit 69
    fi
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            say "These system packages are missing, and installing them takes root:"
            say "    sudo apt-get update && sudo apt-get install -y $missing"
            say "Run that, then this script again."
            exit 69
        fi
    fi
    say "Installing the system packages that are missing: $missing"
    "${as_root[@]}" apt-get update -q >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -q $missing >&2
}
