# A Slurm of one node on loopback, in $folder: munged, slurmctld and slurmd, all of them started and
# stopped here. No cgroups, no accounting, no task plugins, so that containers can run it.

install_slurm() {
    command -v slurmctld slurmd munged sbatch > /dev/null && return 0
    local sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    echo "Installing Debian packages: slurm-wlm munge"
    $sudo apt-get update -qq \
        && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge > /dev/null
}

# Two ports that nothing listens on.
free_ports() {
    python3 - <<'PYTHON'
import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
PYTHON
}

write_configuration() {
    local host=$1 ports
    read -r -a ports <<< "$(free_ports)"
    # cred_expire is also how long a task waits that is queued again.
    cat > "$folder/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.sock,cred_expire=5
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=3
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MailProg=/bin/true
ReturnToService=2
KillWait=10
MinJobAge=600
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

# Starts one daemon, and says what it said where it would not start.
start_daemon() {
    local name=$1
    shift
    if ! "$@" > "$folder/log/$name.out" 2>&1; then
        echo "this machine refused $name:"
        tail -n 5 "$folder/log/$name.out" "$folder/log/$name.log" 2> /dev/null || true
        return 1
    fi
}

node_is_idle() { [ "$(sinfo --noheader --format=%t 2> /dev/null)" = idle ]; }

start_cluster() {
    install_slurm || { echo "slurm-wlm and munge could not be installed"; return 1; }
    local host
    host=$(hostname -s)
    dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 2> /dev/null
    chmod 400 "$folder/munge.key"
    write_configuration "$host"
    export SLURM_CONF=$folder/slurm.conf
    start_daemon munged munged --force --key-file="$folder/munge.key" \
        --socket="$folder/run/munge.sock" --pid-file="$folder/run/munged.pid" \
        --log-file="$folder/log/munged.log" --seed-file="$folder/munge.seed" || return 1
    start_daemon slurmctld slurmctld -c || return 1
    start_daemon slurmd slurmd || return 1
    for ((i = 0; i < 80; i++)); do
        node_is_idle && return 0
        sleep 0.25
    done
    echo "this machine runs the daemons, but the node does not come up:"
    sinfo --long || true
    tail -n 5 "$folder/log/slurmctld.log" "$folder/log/slurmd.log" || true
    return 1
}

# Ends what start_cluster began, by the process numbers that the daemons wrote down.
stop_cluster() {
    [ -f "$folder/slurm.conf" ] || return 0
    if [ -f "$folder/run/slurmd.pid" ]; then
        scancel --user="$(id -un)" 2> /dev/null || true
        for ((i = 0; i < 60; i++)); do
            [ -z "$(squeue --noheader --states=running,completing 2> /dev/null)" ] && break
            sleep 0.25
        done
    fi
    for name in slurmd slurmctld munged; do
        local file=$folder/run/$name.pid process
        [ -f "$file" ] || continue
        process=$(cat "$file")
        kill "$process" 2> /dev/null || continue
        for ((i = 0; i < 80; i++)); do
            kill -0 "$process" 2> /dev/null || break
            sleep 0.25
        done
        if kill -KILL "$process" 2> /dev/null; then echo "$name would not end and was killed"; fi
    done
}
