// A program that tries hard to stay behind: deaf to signals, with children that left session and parent, one by a double fork.
// It writes the ids of its six processes to the file that is its argument.
export const stubborn = `trap '' TERM HUP INT
  setsid sh -c 'trap "" TERM HUP INT; echo $$ >>"$0"; setsid sleep 1000 & echo $! >>"$0"; while :; do sleep 1; done' "$0" &
  (setsid sh -c 'sleep 1000 & echo $! >>"$0"; exec sleep 1000' "$0" & echo $! >>"$0")
  setsid nohup sleep 1000 >/dev/null 2>&1 & echo $! >>"$0"
  echo $$ >>"$0"
  while :; do sleep 1; done`;
