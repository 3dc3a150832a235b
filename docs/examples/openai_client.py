"""Ask with OpenAI's own client: only its base URL changes. `assistant serve` is running."""

import os

from openai import OpenAI

SERVER = os.environ.get("ASSISTANT_BASE_URL", "http://127.0.0.1:8000")
CHAT = [{"role": "user", "content": "When did Kerry last speak to Lavrov?"}]

with OpenAI(base_url=f"{SERVER}/v1", api_key="none is needed") as client:
    message = client.chat.completions.create(model="articles", messages=CHAT).choices[0].message
    print(message.content)

    for annotation in message.annotations:  # which characters of the reply, and where they come from
        cited = annotation.url_citation
        print(f"\nreply[{cited.start_index}:{cited.end_index}] is from {cited.url}")

    for citation in message.citations:  # this server's own field: the exact characters of the article
        print(f"article {citation['article_id']}[{citation['start']}:{citation['end']}] == {citation['quote']!r}")

    print("\nStreamed: ", end="")
    for chunk in client.chat.completions.create(model="articles", messages=CHAT, stream=True):
        print(chunk.choices[0].delta.content or "", end="")
    print()
