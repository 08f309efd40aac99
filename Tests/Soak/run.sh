#!/usr/bin/env bash
# Builds a large corpus twice: in peace, and with its workers and the whole run killed at random
# every few seconds until it is done. Both stores must verify and have the same bytes.
#
#   ASSETS=5000 FOLDER=soak SEED=1 Tests/Soak/run.sh
#
# FOLDER is made, and left as it is for a look; it takes about 1.2 MB an asset.
set -euo pipefail
cd "$(dirname "$0")/../.."

assets=${ASSETS:-5000}
folder=${FOLDER:-soak}
muybridge=${MUYBRIDGE:-.build/release/muybridge}
RANDOM=${SEED:-1}

copies=$(((assets + 44) / 45))
mkdir -p "$folder"
rm -rf "$folder/calm" "$folder/rough" "$folder"/rough*.log
if [ "$(cat "$folder/copies" 2> /dev/null)" != "$copies" ]; then
    rm -rf "$folder/corpus"
    "$muybridge" demo-corpus "$folder/corpus" --copies "$copies"
    echo "$copies" > "$folder/copies"
fi
# The demo's recipe with smaller and fewer pictures.
sed 's/frames: 16/frames: 8/; s/size: 256/size: 128/' Manifests/demo.yaml > "$folder/soak.yaml"

build() {
    exec "$muybridge" build "$folder/soak.yaml" --corpus "$folder/corpus" --out "$folder/$1"
}

echo "== In peace"
start=$SECONDS
(build calm) > "$folder/calm.txt" 2> "$folder/calm.log"
calm=$((SECONDS - start))
echo "$calm s"

echo "== With kills"
start=$SECONDS
run_kills=0
worker_kills=0
runs=0
while true; do
    runs=$((runs + 1))
    build rough > "$folder/rough.txt" 2> "$folder/rough-$runs.log" &
    run=$!
    # This run lives 4 to 19 seconds, unless it is done before.
    end=$((SECONDS + 4 + RANDOM % 16))
    while kill -0 "$run" 2> /dev/null && [ "$SECONDS" -lt "$end" ]; do
        sleep "$((RANDOM % 3)).$((RANDOM % 10))"
        mapfile -t workers < <(pgrep -P "$run" || true)
        if [ "${#workers[@]}" -gt 0 ]; then
            victim=${workers[$((RANDOM % ${#workers[@]}))]}
            kill -KILL "$victim" 2> /dev/null && worker_kills=$((worker_kills + 1))
        fi
    done
    if kill -KILL "$run" 2> /dev/null; then
        run_kills=$((run_kills + 1))
        wait "$run" 2> /dev/null || true
        sleep 0.2
        if pgrep -f "^muybridge worker" > /dev/null; then
            sleep 2
            ! pgrep -fa "^muybridge worker" || { echo "A worker outlives its run."; exit 1; }
        fi
        continue
    fi
    wait "$run" && break
    echo "Run $runs failed:"
    tail -3 "$folder/rough-$runs.log"
    exit 1
done
echo "$((SECONDS - start)) s, $runs runs: $run_kills of them killed, and $worker_kills workers"

echo "== Afterwards"
for store in calm rough; do
    "$muybridge" verify "$folder/$store"
    (cd "$folder/$store/shards" && sha256sum -- *) > "$folder/$store.sha256"
done
tail -n 4 "$folder/calm.txt"
if ! diff "$folder/calm.sha256" "$folder/rough.sha256"; then
    echo "The shards differ."
    exit 1
fi
if ! diff <("$muybridge" report "$folder/calm") <("$muybridge" report "$folder/rough"); then
    echo "The counts differ."
    exit 1
fi
echo "$(wc -l < "$folder/calm.sha256") shards, byte-identical:" \
    "$(cut -d' ' -f1 "$folder/calm.sha256" | sha256sum | cut -d' ' -f1)"
