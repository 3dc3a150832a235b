"""Check a draft, a summary or another model's answer against the articles."""

from assistant import Assistant

DRAFT = """\
Putin suspended a treaty with Washington on cleaning up weapons-grade plutonium.
The civil war has killed hundreds of thousands and displaced 12 million.
Bread is baked in Paris."""

with Assistant.open() as assistant:
    assistant.add("seeds")
    reply = assistant.check(DRAFT)
    citations = {citation.id: citation for citation in reply.citations}
    for sentence in reply.sentences:
        print(f"{sentence.verdict}: {sentence.text}")
        print("  without support:", [DRAFT[span.start : span.end] for span in sentence.unsupported])
        for citation in (citations[name] for name in sentence.citations):
            print(f"article {citation.article_id}[{citation.start}:{citation.end}] == {citation.quote!r}")
