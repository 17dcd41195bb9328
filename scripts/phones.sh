# shellcheck shell=bash
# A devnet whose people vote from phones: its registrars run beside it. Read by ./x, after tools.sh and page.sh.

readonly phone_towns=4
readonly phone_people=20
readonly phone_port=26700 # the first registrar's; the others follow

# Holds an election in which rights are given to phones for ten minutes, then used for twenty. Codes come in the terminal. Ctrl-C ends all of it.
phones() {
    need_page_tools
    need_free_port
    build_page
    say "▸ Building the node and the registrar (about 3 min the first time)"
    cargo build --locked --release -p node -p registrar
    phone_folder=$(mktemp -d)
    trap end_phones EXIT
    target/release/node devnet --municipalities "$phone_towns" --ballots 40 --pace 2 --registration 600 --voting 1200 --phones \
        --registrars "$phone_port" --homes "$phone_folder/homes" --portal dist &
    phone_processes=($!)
    wait_for_homes
    local town
    for ((town = 0; town < phone_towns; town++)); do registrar_of "$town"; done
    say "" && say "People who can vote from a phone at #/vote, on the roll of municipality 1 to $phone_towns; their codes come here:"
    head -4 "$phone_folder/roll-0.csv" | sed 's/^/    /'
    wait "${phone_processes[0]}"
}

wait_for_homes() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        if compgen -G "$phone_folder/homes/*/keys/claims.json" | sed -n "${phone_towns}p" | grep -q .; then return 0; fi
        kill -0 "${phone_processes[0]}" 2>/dev/null || return 1
        sleep 0.2
    done
    give_up "The devnet wrote no homes."
}

# registrar_of TOWN: imports its roll and serves it.
registrar_of() {
    local town=$1 home roll person
    home=$(find "$phone_folder/homes" -mindepth 1 -maxdepth 1 | sort -V | sed -n "$((town + 1))p")
    roll=$phone_folder/roll-$town.csv
    echo "name,birth,phone" >"$roll"
    for ((person = 1; person <= phone_people; person++)); do
        printf '시민%d,1990-01-%02d,010-%d000-%04d\n' "$person" "$person" "$((town + 1))" "$person" >>"$roll"
    done
    target/release/registrar roll import "$roll" --home "$home" --database "sqlite:$phone_folder/$town.db" >/dev/null
    target/release/registrar serve --home "$home" --rpc "http://127.0.0.1:26657" --database "sqlite:$phone_folder/$town.db" \
        --listen "127.0.0.1:$((phone_port + town))" --sms console &
    phone_processes+=($!)
}

# Ends what was started here, and nothing else.
end_phones() {
    kill "${phone_processes[@]}" 2>/dev/null || true
    rm -rf "$phone_folder"
}
