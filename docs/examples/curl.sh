#!/bin/sh
# Ask over HTTP with nothing but curl. `assistant serve` is running.
set -eu
server="${ASSISTANT_BASE_URL:-http://127.0.0.1:8000}"

curl --silent --show-error --fail-with-body "$server/ask" \
    --json '{"question": "When did Kerry last speak to Lavrov?"}'
echo
curl --silent --show-error --fail-with-body "$server/search" \
    --json '{"query": "Kerry Lavrov", "top_k": 2}'
echo
curl --silent --show-error --fail-with-body "$server/v1/chat/completions" \
    --json '{"model": "articles", "messages": [{"role": "user", "content": "When did Kerry last speak to Lavrov?"}]}'
echo
