#!/usr/bin/env bash
# Counts one part of an election: a task of a Slurm array, or a pod of an indexed Kubernetes Job. See README.md beside it.
#SBATCH --job-name=recount
#SBATCH --array=0-15
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
set -euo pipefail

part=${SLURM_ARRAY_TASK_ID:-${JOB_COMPLETION_INDEX:?this is neither a task of an array nor a pod of an indexed Job}}
parts=${SLURM_ARRAY_TASK_COUNT:-${PARTS:?PARTS: how many parts there are}}
: "${ARCHIVE:?ARCHIVE: a folder, or an address}" "${BLOCKS:?BLOCKS: how many blocks the archive has}"
: "${TRUST_CARD:?TRUST_CARD: its file}" "${STATES:?STATES: a folder that the merge can read too}"

first=$((part * BLOCKS / parts + 1))
last=$(((part + 1) * BLOCKS / parts))
# A part that was interrupted goes on where its file ends.
exec "${CHAMGWAN:-chamgwan}" recount "$ARCHIVE" --trust-card "$TRUST_CARD" --heights "$first..$last" --state "$STATES/part-$part"
