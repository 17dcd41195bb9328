# shellcheck shell=bash
# Builds the page and says what is, and is not, in it. Read by ./x, after tools.sh.

readonly page_limit=700000 # bytes of WASM after brotli that a first visit loads; the workers come with the first recount
readonly caster_limit=900000 # the same of what a kiosk loads, or whoever votes from a phone: its page and its worker
readonly wide_rustflags='-C link-arg=--keep-section=target_features -C target-feature=+wide-arithmetic --cfg curve25519_dalek_bits="64"'

# The page is built alone: with the rest of the workspace, features of the node would be switched on in it.
build_page() {
    for_wasm cargo fetch --locked && # trunk asks no registry
        build_worker worker target &&
        RUSTFLAGS=$wide_rustflags build_worker worker-wide target/wide &&
        build_caster cast &&
        build_kiosk &&
        for_wasm trunk build --release --offline --locked &&
        page_size &&
        worker_size &&
        caster_size
}

# build_worker NAME TARGET: the module of the recount's workers into target/workers/NAME, where scripts/pack-page finds it.
build_worker() {
    for_wasm cargo build --locked --offline --profile worker -p recount-worker --bin recount-worker --target "${wasm32:?}" --target-dir "$2" &&
        wasm-bindgen --target web --no-typescript --out-dir "target/workers/$1" "$2/$wasm32/worker/recount-worker.wasm"
}

# build_caster NAME [OPTION...]: the module that casts, which alone may draw randomness, into target/workers/NAME.
build_caster() {
    local name=$1
    shift
    for_wasm cargo build --locked --offline --profile page -p caster --bin cast-worker --target "${wasm32:?}" "$@" &&
        wasm-bindgen --target web --no-typescript --out-dir "target/workers/$name" "target/$wasm32/page/cast-worker.wasm"
}

# The portal's module with the kiosk in it, for a page of its own.
build_kiosk() {
    for_wasm cargo build --locked --offline --profile page -p portal --bin portal --features kiosk --target "${wasm32:?}" &&
        wasm-bindgen --target web --no-typescript --out-dir target/workers/kiosk "target/$wasm32/page/portal.wasm"
}

# A kiosk's module that steals votes, for the test that catches it. It is never part of a page that ./x builds.
build_lying_caster() {
    build_caster cast-lying --features lying
}

# crates.io names of crates that draw randomness, and features that make secrets.
readonly randomness='^(getrandom|rand|fastrand|oorandom|uuid|nanoid|ahash) |^rand_core feature "(getrandom|os_rng)"'
readonly proving='^verifier-core feature "prove"|^(frost-[a-z0-9]+|ed25519-dalek|elastic-elgamal) '

page_makes_no_secrets() {
    local page
    page=$(page_tree) || return 1
    is_tree_of_the_page "$page" &&
        search_can_fail &&
        finds_nothing "a randomness source" "$randomness" "$page" &&
        finds_nothing "the proving feature" "$proving" "$page" &&
        page_asks_for_no_randomness
}

page_tree() {
    cargo tree --locked -p portal -p recount-worker --target "${wasm32:?}" -e normal,features,no-proc-macro --prefix none
}

is_tree_of_the_page() {
    grep -q '^portal v' <<<"$1" && grep -q '^recount-worker v' <<<"$1" && grep -q '^verifier-core v' <<<"$1" && return 0
    echo "cargo tree did not list the portal, its workers and the verifier: nothing was learned."
    return 1
}

# The same search must find both in everything that the workspace is tested with; a search that finds nothing there proves nothing.
search_can_fail() {
    local all search
    all=$(cargo tree --locked --workspace --target all -e normal,dev,features --prefix none) || return 1
    for search in "$randomness" "$proving"; do
        grep -qE "$search" <<<"$all" && continue
        echo "The search finds nothing even in the node and the tests, so it is broken: $search"
        return 1
    done
}

finds_nothing() {
    local found
    found=$(grep -E "$2" <<<"$3" | sort -u) || true
    if [[ -n $found ]]; then
        printf 'The page is built with %s:\n%s\n' "$1" "$found"
        return 1
    fi
    echo "The page is built without $1."
}

# What cargo cannot know: whether the finished module asks the browser for randomness.
page_asks_for_no_randomness() {
    node scripts/page-imports.js dist
}

page_fits() {
    local size
    size=$(page_size) || return 1
    echo "$size (limit $page_limit)"
    ((${size%% *} <= page_limit))
}

# "BYTES bytes of WASM after brotli".
page_size() {
    brotli_size portal
}

caster_fits() {
    local page worker
    page=$(brotli_size kiosk) && worker=$(brotli_size cast-) || return 1
    echo "The kiosk's page has $page, its worker $worker (limit for both $caster_limit)"
    ((${page%% *} + ${worker%% *} <= caster_limit))
}

# What voting loads.
caster_size() {
    echo "The kiosk's page: $(brotli_size kiosk); its worker: $(brotli_size cast-)."
}

# The same for a recount's first download.
worker_size() {
    echo "The recount's workers: $(brotli_size worker-), one of the two."
}

# The WASM in dist/ whose names begin so; of the workers' two modules the larger.
brotli_size() {
    node -e '
        const fs = require("node:fs"), zlib = require("node:zlib");
        const modules = fs.readdirSync("dist").filter((name) => name.startsWith(process.argv[1]) && name.endsWith(".wasm"));
        if (modules.length === 0) throw new Error("dist/ holds no WASM of that name");
        const sizes = modules.map((name) => zlib.brotliCompressSync(fs.readFileSync("dist/" + name)).length);
        console.log(Math.max(...sizes) + " bytes of WASM after brotli");
    ' "$1"
}
