# How ARCA's tasks are trained; sourced by the scripts beside it, which set `data`, its folder, and the list `training`:
# the data set of the task, then what enlarges it.
# shellcheck shell=bash disable=SC2154
conditions=temperature,air_number_density,water_vapour_number_density,actinic_scaling,h2so4_condensation_sink

# train_network <program> <task> <architecture> <file> <minutes> [<option of train>...]: one thread; the log lies beside <file>.
# In tasks 2 and 3 most levels are not given. They are learnt by heart within minutes: more weight decay. They make
# errors of half a deviation, whose mean the squared error finds. And what is likely is told by the data set of the task
# alone: it has the last quarter of the time for itself.
train_network() {
  case $2 in
    task1 | full) train_stage "$1" "$3" "$4" "$5" --data "${training[@]}" --weight-decay 0.3 "${@:6}" ;;
    *)
      local share=1 start=() squared=(--weight-decay 1 --linear-beyond inf)
      if [ ${#training[@]} -gt 1 ]; then
        local first=${4%.safetensors}-all.safetensors
        share=0.25
        start=(--initial "$first" --learning-rate 1e-3)
        train_stage "$1" "$3" "$first" "$(minutes_of "$5" 0.75)" --data "${training[@]}" "${squared[@]}" "${@:6}" || return
      fi
      train_stage "$1" "$3" "$4" "$(minutes_of "$5" "$share")" --data "${training[0]}" "${start[@]}" "${squared[@]}" "${@:6}"
      ;;
  esac
}

train_stage() { # <program> <architecture> <file> <minutes> <option>...
  "$1" train --validation "$data/arca_hyde_validation.nc" --conditions "$conditions" --architecture "$2" --out "$3" \
    --minutes "$4" --threads 1 "${@:5}" >"${3%.safetensors}.log" 2>&1 ||
    { tail -n 3 "${3%.safetensors}.log" >&2; return 1; }
}

minutes_of() { awk -v minutes="$1" -v share="$2" 'BEGIN { print minutes * share }'; }
