# How ARCA's tasks are trained; sourced by the scripts beside it, which set `data`, its folder, `programs`, that of the
# programs, `mechanism`, that of the mechanism, and the list `training`: the data set of the task, then what enlarges it;
# and may set `days`: what else enlarges it where all levels are given, `predicted`: a data set whose species are
# generated beside the 49 that are given, and `frames` of a window.
# shellcheck shell=bash disable=SC2154
conditions=temperature,air_number_density,water_vapour_number_density,actinic_scaling,h2so4_condensation_sink

# train_network <program> <task> <architecture> <file> <minutes> [<option of train>...]: one thread; the log lies beside <file>.
# In tasks 2 and 3 most levels are not given. They are learnt by heart within minutes: more weight decay. They make
# errors of half a deviation, whose mean the squared error finds; low levels count as much as others, down to one floor.
# And what is likely is told by the data set of the task alone: the last twenty epochs are on it.
train_network() {
  local levels=(--weight-decay 1 --linear-beyond inf --floor-share 0)
  case $2 in
    task1 | full)
      train_stage "$1" "$3" "$4" --data "${training[@]}" ${days[@]+"${days[@]}"} --minutes "$5" --weight-decay 0.3 \
        --slow-importance 8 "${@:6}"
      ;;
    *)
      local first=${4%.safetensors}-all.safetensors
      train_stage "$1" "$3" "$first" --data "${training[@]}" --minutes "$5" "${levels[@]}" "${@:6}" &&
        train_stage "$1" "$3" "$4" --data "${training[0]}" --initial "$first" --epochs 20 --learning-rate 5e-4 "${levels[@]}" \
          "${@:6}"
      ;;
  esac
}

train_stage() { # <program> <architecture> <file> <option>...
  "$1" train --validation "$data/arca_hyde_validation.nc" --conditions "$conditions" --architecture "$2" --out "$3" \
    --threads 1 "${@:4}" >"${3%.safetensors}.log" 2>&1 || { tail -n 3 "${3%.safetensors}.log" >&2; return 1; }
}

# hyde.toml in a host, without the gaps and plumes of ARCA's windows. <lines of [windows]>
host_ranges() {
  sed -E "/^(gap|plume_share) /d; s/^light_step .*/&\n$1/" examples/arca/hyde.toml | cat - examples/arca/host.toml
}
days_of_windows='plume_share = 0.02\nscatter_share = 0.6\ngap = { minimum = 0, maximum = 7, units = "h" }'

# Unless an earlier run has finished it. <ranges> <scenarios> <windows> <seed> <tolerance> <split> <file>
generate() {
  [ -e "$7" ] && return
  echo "== data, $7"
  "$programs/chemnne_mechanism" generate "$mechanism/second.def" --elements "$mechanism/Elements.txt" --ranges "$1" \
    --inputs "$data/arca_hyde_train.nc" ${predicted+--outputs "$predicted"} ${frames+--frames "$frames"} --scenarios "$2" --windows "$3" --seed "$4" \
    --rtol "$5" --split "$6" --output "$7"
}
