#!/bin/bash
# Builds the demo corpus in parts on a real Slurm of one node, which this script starts on loopback
# and stops again: one task's build is killed, one is warned as before its time limit, one is
# queued again by Slurm itself. The merged store must verify, hold every asset exactly once, and
# agree field for field with a store that was built in one piece.
#
#   Tests/Slurm/run.sh [--without-daemons]
#
# Needs a built muybridge (MUYBRIDGE, else .build/release/muybridge), python3, and Debian's
# slurm-wlm and munge, which it installs where they are missing. Where the machine refuses the
# daemons, or with --without-daemons, it says so and runs the same parts with the array's variables
# alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/Tests/Slurm
muybridge=$(readlink -f "${MUYBRIDGE:-.build/release/muybridge}") || true
[ -x "$muybridge" ] || { echo "no built muybridge at ${MUYBRIDGE:-.build/release/muybridge}: run make first"; exit 1; }
parts=3

folder=$(mktemp -d /tmp/muybridge-slurm.XXXXXX)
chmod 755 "$folder" # munge wants a socket that every user can reach.
# What users' paths look like at their worst.
work="$folder/it's 50% & \$HOME #1"
store=$work/store
mkdir -p "$work/Manifests" "$folder"/{state,spool,run,log}

# shellcheck source=Tests/Slurm/cluster.sh
source "$here/cluster.sh"
trap 'stop_cluster; rm -rf "$folder"' EXIT

fail() {
    echo "FAILED: $*" >&2
    tail -n 30 "$store.parts"/logs/*.log >&2 2> /dev/null || true
    exit 1
}

# Tries a command four times a second until it succeeds.
wait_for() {
    local seconds=$1 what=$2
    shift 2
    for ((i = 0; i < 4 * seconds; i++)); do
        "$@" && return 0
        sleep 0.25
    done
    fail "$what: not within $seconds s"
}

part_folder() { printf '%s.parts/part-%05d-of-%05d' "$store" "$1" "$parts"; }
asset_count() { python3 "$here/check.py" count "$1"; }
has_assets() { [ "$(asset_count "$(part_folder "$1")")" -gt 0 ]; }

# The process that holds a part's store, from the lock that it keeps there.
writer_of() { sed -n 's/^process \([0-9]*\) on .*/\1/p' "$(part_folder "$1")/.writer.lock"; }

kill_writer() {
    local process
    process=$(writer_of "$1")
    [ "$(readlink "/proc/$process/exe")" = "$muybridge" ] || fail "part $1: no build to kill"
    kill -KILL "$process"
}

# The parts together hold what the store in one piece does, before anything is merged.
check_parts() {
    for ((part = 0; part < parts; part++)); do
        "$muybridge" verify "$(part_folder $part)" || fail "part $part does not verify"
    done
    python3 "$here/check.py" compare "$work/whole" "$store.parts"/part-* || fail "the parts differ"
}

prepare() {
    "$muybridge" demo-corpus "$work/corpus" > /dev/null
    cp -r Filters "$work/Filters"
    # More frames and finer pictures than the demo's, so that a part can be met half done.
    sed -e 's/frames: 16/frames: 96/; s/samples: 4/samples: 16/; s/, outputs: \[color, depth\]//' \
        Manifests/demo.yaml > "$work/Manifests/slow.yaml"
    echo "building in one piece, to compare with"
    "$muybridge" build "$work/Manifests/slow.yaml" --corpus "$work/corpus" --out "$work/whole" \
        > "$folder/log/whole.log" 2>&1 || fail "the build in one piece: $(tail "$folder/log/whole.log")"
}

submit() {
    (cd "$work" && "$muybridge" submit Manifests/slow.yaml --slurm --parts $parts --corpus corpus \
        --out store --time 30 --job-name "a part" -- --workers 1)
}

# The state of a job; empty once it is forgotten.
state_of() { squeue --noheader --states=all --jobs="$1" --format=%T 2> /dev/null | sort -u | tr '\n' ' '; }
has_ended() { [[ $(state_of "$1") =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|)\ ?$ ]]; }
was_restarted() { grep -q "start 2" "$store.parts/logs/part-$1.log"; }

# The three ways in which a task is interrupted in its middle.
disturb() {
    local array=$1
    wait_for 180 "part 0 begins" has_assets 0
    echo "killing the build of part 0 with SIGKILL"
    kill_writer 0
    wait_for 180 "part 1 begins" has_assets 1
    echo "warning part 1, as Slurm does before the time limit"
    scancel --batch --signal=USR1 "${array}_1"
    wait_for 180 "part 2 begins" has_assets 2
    echo "queueing part 2 again, as Slurm does with what it preempts"
    scontrol requeue "${array}_2"
}

run_on_slurm() {
    local out array merge
    out=$(submit)
    echo "$out"
    array=$(sed -n 's/^Job \([0-9]*\) builds.*/\1/p' <<< "$out")
    merge=$(sed -n 's/.*; job \([0-9]*\) then merges.*/\1/p' <<< "$out")
    disturb "$array"
    wait_for 600 "the merge's end" has_ended "$merge"
    for part in 0 1 2; do was_restarted $part || fail "part $part was not started again"; done
    for part in 0 1; do
        grep -q "part $part/$parts ended with .*; queued again" "$store.parts/logs/part-$part.log" \
            || fail "part $part was not queued again by its script"
    done
    check_parts
    [ -f "$store/index.sqlite" ] || fail "no merged store: $(cat "$store.parts/logs/merge.log")"
    echo "submitting again, with nothing left to do for the parts"
    rm -rf "$store"
    merge=$(submit | sed -n 's/.*; job \([0-9]*\) then merges.*/\1/p')
    wait_for 300 "the second merge's end" has_ended "$merge"
}

# The same without a scheduler: its variables, one killed part, the merge's script.
run_on_variables() {
    (cd "$work" && "$muybridge" submit Manifests/slow.yaml --slurm --parts $parts --corpus corpus \
        --out store --dry-run) > "$folder/log/dry-run"
    for ((part = 0; part < parts; part++)); do
        local command=(
            env SLURM_ARRAY_TASK_ID=$part SLURM_ARRAY_TASK_COUNT=$parts SLURM_ARRAY_TASK_MIN=0
            SLURM_ARRAY_TASK_MAX=$((parts - 1)) "$muybridge" build "$work/Manifests/slow.yaml"
            --corpus "$work/corpus" --out "$(part_folder $part)" --part auto --workers 1)
        if [ $part = 0 ]; then
            "${command[@]}" > /dev/null 2>&1 &
            wait_for 180 "part 0 begins" has_assets 0
            echo "killing the build of part 0 with SIGKILL"
            kill_writer 0
            wait $! || true
        fi
        "${command[@]}" > /dev/null 2> "$folder/log/part-$part.log" \
            || fail "part $part: $(cat "$folder/log/part-$part.log")"
    done
    check_parts
    mkdir -p "$store.parts/logs"
    sed -n '/^### .*merge.sbatch/,$p' "$folder/log/dry-run" | tail -n +2 | bash || fail "the merge"
}

prepare
if [ "${1:-}" != --without-daemons ] && start_cluster; then
    run_on_slurm
    how="Slurm $(sinfo --version | cut -d' ' -f2)"
else
    echo "going on with the array's variables alone"
    run_on_variables
    how="the array's variables, without Slurm"
fi
"$muybridge" verify "$store" || fail "the merged store does not verify"
python3 "$here/check.py" compare "$work/whole" "$store" || fail "the stores differ"
echo "passed: $parts parts by $how"
