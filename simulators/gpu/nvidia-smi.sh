#!/bin/sh
# Answers as nvidia-smi does, out of files beside the state folder: header and lines of cards, and of processes.
state=${NVIDIA_SMI_STATE:-/state}
say() { while read -r line; do echo "$line"; done <"$1"; }
case "$*" in
  *--query-compute-apps=*) say "$state/processes" ;;
  *--version*) echo 'CUDA Version        : 13.0' ;;
  *--query-gpu=*)
    echo "$*" >>"$state/asked"
    say "$state/header"
    while :; do
      say "$state/cards"
      case "$*" in *' -l '*) sleep 1 ;; *) exit 0 ;; esac
    done
    ;;
  *) exit 2 ;;
esac
